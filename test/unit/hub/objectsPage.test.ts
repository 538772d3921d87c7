import assert from 'node:assert/strict';
import type { RequestParams, RequestResult } from '../../../src/protocol/requests';
import { withHub, type HubFixture } from './hubFixture';

function names({ objects }: RequestResult<'clusters.objects'>): string[] {
  return objects.map(({ metadata }) => metadata.name);
}

/** All pages, as somebody asks for them. */
function pages(
  { hub }: HubFixture,
  params: Omit<RequestParams<'clusters.objects'>, 'source' | 'after'>,
): RequestResult<'clusters.objects'>[] {
  const all = [hub.listObjects({ ...params, source: 's' })];
  for (let after = all.at(-1)?.after; after !== undefined; after = all.at(-1)?.after) {
    all.push(hub.listObjects({ ...params, source: 's', after }));
  }
  return all;
}

describe('What a hub hands on of a source', () => {
  it(
    'comes in pages by name, whole objects, of which the first has the version to ask from',
    withHub(async (fixture) => {
      await fixture.liveServer('c', 'constructor', 'a', '__proto__', 'b');
      const all = pages(fixture, { limit: 2 });
      assert.deepEqual(all.map(names), [['__proto__', 'a'], ['b', 'c'], ['constructor']]);
      assert.ok(all.every(({ reset, isRead }) => reset && isRead));
      const since = all[0]?.version ?? '';
      assert.deepEqual(pages(fixture, { limit: 2, since }).map(names), [[]]);
    }),
  );

  it(
    'is what changed and what went since a version, and everything where that is not known',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b', 'c');
      const { version: since } = fixture.hub.listObjects({ source: 's', limit: 10 });
      server.put('b', { spec: { name: 'b', description: 'another' } });
      server.delete('c');
      server.put('d');
      await fixture.clock.advance(100);
      const answer = fixture.hub.listObjects({ source: 's', limit: 10, since });
      assert.deepEqual([names(answer), answer.removed, answer.reset], [['b', 'd'], ['c'], false]);
      const other = fixture.hub.listObjects({ source: 's', limit: 10, since: 'another-hub-7' });
      assert.deepEqual([names(other), other.removed, other.reset], [['a', 'b', 'd'], [], true]);
    }),
  );

  it(
    'is at most a mebibyte an answer, but one object at least',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      for (const name of ['a', 'b', 'c']) {
        server.put(name, { spec: { name, description: 'x'.repeat(700_000) } });
      }
      server.put('d', { spec: { name: 'd', description: 'x'.repeat(2_000_000) } });
      await fixture.clock.advance(1_000);
      assert.deepEqual(pages(fixture, { limit: 100 }).map(names), [['a'], ['b'], ['c'], ['d']]);
    }),
  );

  it(
    'is nothing while it has not been read, and of a source that is gone a typed problem',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      source.disconnect();
      const answer = fixture.hub.listObjects({ source: 's', limit: 10 });
      assert.deepEqual([names(answer), answer.isRead, answer.status.state.type], [[], false, 'idle']);
      assert.throws(() => fixture.hub.listObjects({ source: 'gone', limit: 10 }), /notFound/);
    }),
  );

  it(
    'is proven more often for half a minute after somebody said that they look',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      const looks: boolean[] = [];
      const before = source.look.bind(source);
      source.look = () => {
        looks.push(true);
        const look = before();
        return {
          dispose: () => {
            looks.pop();
            look.dispose();
          },
        };
      };
      fixture.hub.listObjects({ source: 's', limit: 10, isLooking: true });
      await fixture.clock.advance(20_000);
      fixture.hub.listObjects({ source: 's', limit: 10, isLooking: true });
      await fixture.clock.advance(29_000);
      assert.equal(looks.length, 1);
      await fixture.clock.advance(2_000);
      assert.equal(looks.length, 0);
    }),
  );
});
