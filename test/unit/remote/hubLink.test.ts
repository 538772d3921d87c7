import assert from 'node:assert/strict';
import { next, RemoteFixture } from './remoteFixture';

describe('A hub as a source', () => {
  let remote: RemoteFixture;

  beforeEach(async () => {
    remote = await RemoteFixture.start('a', 'b');
  });

  afterEach(() => remote.end());

  const isAbout = (type: string, name: string) => (event: { type: string; data: object }) =>
    event.type === type && 'name' in event.data && event.data.name === name;

  it('shows what the hub holds, live, with the proof that the hub has', async () => {
    const source = await remote.live();
    const status = source.status();
    assert.partialDeepStrictEqual(status, {
      kind: 'hub',
      label: 'prod-eu',
      count: 2,
      state: { type: 'live' },
    });
    assert.ok(Math.abs((status.asOf ?? 0) - Date.now()) < 5_000);
    assert.deepEqual([...source.rows()].map(({ name }) => name).toSorted(), ['a', 'b']);
  });

  it('tells what changes in the cluster behind the hub, the change being in effect', async () => {
    const source = await remote.live();
    const added = next(remote.local.onEvent, isAbout('cluster.added', 'c'));
    remote.cluster.put('c');
    await added;
    assert.ok(source.object('c') !== undefined);
    const deleted = next(remote.local.onEvent, isAbout('cluster.deleted', 'a'));
    remote.cluster.delete('a');
    await deleted;
    assert.equal(source.object('a'), undefined);
  });

  it('keeps what it holds while the hub is gone, and tells afterwards what happened meanwhile', async () => {
    const source = await remote.live();
    const left = next(source.onStateChanged, ({ type }) => type === 'reconnecting');
    await remote.stopServer();
    await left;
    assert.equal(source.status().count, 2);
    remote.cluster.delete('a');
    remote.cluster.put('c');
    const deleted = next(remote.local.onEvent, isAbout('cluster.deleted', 'a'));
    const added = next(remote.local.onEvent, isAbout('cluster.added', 'c'));
    const live = next(source.onStateChanged, ({ type }) => type === 'live');
    await remote.startServer();
    source.retryNow();
    await Promise.all([deleted, added, live]);
    assert.deepEqual([...source.rows()].map(({ name }) => name).toSorted(), ['b', 'c']);
  });

  it('says that its token is not accepted, and is live again once it is given another one', async () => {
    const source = await remote.live();
    const refused = next(source.onStateChanged, ({ type }) => type === 'unauthorized');
    remote.credentials.next = { token: 'another-token-that-the-hub-does-not-know-00000000' };
    remote.writeTokens('a-token-of-somebody-else-that-is-long-enough-000000');
    const state = await refused;
    assert.partialDeepStrictEqual(state, { problem: { code: 'unauthorized' } });
    assert.ok(!('retryAt' in state), 'nothing is tried before there is another token');
    assert.equal(source.status().count, 2);
    const live = next(source.onStateChanged, ({ type }) => type === 'live');
    const token = 'the-token-that-is-good-from-now-on-000000000000000';
    remote.writeTokens(token);
    // The file is read again by and by: a token that comes too early is refused once more.
    const again = setInterval(() => remote.credentials.change({ token }), 200);
    await live.finally(() => clearInterval(again));
  }).timeout(30_000);
});
