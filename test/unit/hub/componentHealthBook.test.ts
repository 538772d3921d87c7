import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodePersona, type ClusterPersona } from '../../../src/persona/clusterPersona';
import { addonHealth, nodeHealth } from '../../../src/persona/health';
import type { ComponentHealth } from '../../../src/protocol/component';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { nodesPattern, nodeTopic } from '../../../src/protocol/topics';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';

type ListedNode = readonly [name: string, ready?: boolean];

function statusOf(nodes: readonly ListedNode[], addons: readonly object[] = []) {
  return { status: { nodes: nodes.map(([name, ready]) => ({ name, ready })), addons } };
}

/** Who listens to all components of `s`. */
function listener(fixture: HubFixture, ...patterns: readonly string[]) {
  const { session, client } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
  const raw = fixture.owned.add(new RawClient(client));
  raw.ready(...patterns);
  return { session, raw };
}

/** What was told of components since the last call. */
function takeChanged({ events }: HubFixture): HubEvent[] {
  return events.splice(0).filter(({ type }) => type === 'component.changed');
}

function list({ hub }: HubFixture, name = 'a'): readonly ComponentHealth[] {
  return hub.listComponents({ source: 's', name }).components;
}

describe('Component health', () => {
  trackLeaks();

  it(
    'is that of each node and installed add-on, and says since when where it has changed',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      const addons = (healthy: boolean) => [
        { name: 'argocd', installed: true, healthy },
        { name: 'loki', installed: true },
        { name: 'grafana', installed: false },
      ];
      server.put('a', statusOf([['n1', true], ['n2', false], ['n3']], addons(true))); // prettier-ignore
      await fixture.clock.advance(10);
      const first: ComponentHealth[] = [
        { kind: 'node', component: 'n1', health: 'ok' },
        { kind: 'node', component: 'n2', health: 'warning' },
        { kind: 'node', component: 'n3', health: 'unknown' },
        { kind: 'addon', component: 'argocd', health: 'ok' },
        { kind: 'addon', component: 'loki', health: 'unknown' },
      ];
      assert.deepEqual(list(fixture), first);
      await fixture.clock.advance(60_000);
      const since = fixture.clock.now();
      server.put('a', statusOf([['n4', true], ['n1', false], ['n2', false]], addons(false))); // prettier-ignore
      await fixture.clock.advance(10);
      const changed = [
        { kind: 'node', component: 'n4', health: 'ok', since },
        { kind: 'node', component: 'n1', health: 'warning', since },
        first[1],
        { kind: 'addon', component: 'argocd', health: 'error', since },
        first[4],
      ];
      assert.deepEqual(list(fixture), changed);
      server.put('a', { ...statusOf([['n4', true], ['n1', false], ['n2', false]], addons(false)), spec: {} }); // prettier-ignore
      await fixture.clock.advance(10);
      assert.deepEqual(list(fixture), changed, 'another change of the persona is none of its components');
    }),
  );

  it(
    'is of no known time where a list was not there before, and where the persona was not',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      assert.deepEqual(list(fixture), []);
      server.put('a', statusOf([['n1', true]]));
      await fixture.clock.advance(10);
      assert.deepEqual(list(fixture), [{ kind: 'node', component: 'n1', health: 'ok' }]);
      server.put('a', statusOf([['n1', false]]));
      await fixture.clock.advance(10);
      assert.ok(list(fixture)[0]?.since !== undefined);
      source.disconnect();
      await fixture.goLive(source);
      assert.deepEqual(list(fixture), [{ kind: 'node', component: 'n1', health: 'warning' }]);
    }),
  );

  it(
    'is told to those who listen, only where it changed, and to nobody else',
    withHub(async (fixture) => {
      fixture.stopListening();
      const { server } = await fixture.liveServer();
      const { session, raw } = listener(fixture, 'node.s.a.*');
      const published = () => fixture.takePublished('node.**', 'addon.**');
      const put = async (
        nodes: readonly ListedNode[],
        addons: readonly object[] = [],
      ): Promise<unknown[]> => {
        server.put('a', statusOf(nodes, addons));
        await fixture.clock.advance(100);
        return published().map(({ topic, priority }) => [topic, priority]);
      };
      const unwell = [{ name: 'argocd', installed: true, healthy: false }];
      assert.deepEqual(await put([['n1', true], ['n.2', true]]), [], 'it came with its persona'); // prettier-ignore
      assert.deepEqual(await put([['n1', true], ['n.2', true]], unwell), [], 'nobody listens to add-ons'); // prettier-ignore
      assert.deepEqual(await put([['n1', true], ['n.2', false]]), [['node.s.a.n%2E2', 'normal']]); // prettier-ignore
      assert.deepEqual(await put([['n.2', false], ['n1', true]]), [], 'it is only listed elsewhere'); // prettier-ignore
      assert.deepEqual(await put([['n1', true]]), [['node.s.a.n%2E2', 'normal']]);
      raw.ready('**');
      assert.deepEqual(await put([['n1', true]], unwell), [['addon.s.a.argocd', 'normal']]);
      assert.ok(raw.takeFrames().flat().some(({ type }) => type === 'component.changed')); // prettier-ignore
      session.setVisible(false);
      assert.deepEqual(await put([['n1', false]]), []);
      assert.ok(list(fixture)[0]?.since !== undefined, 'since is right though nobody listened');
      session.setVisible(true);
      server.delete('a');
      await fixture.clock.advance(100);
      assert.deepEqual(published(), [], 'it went with its persona');
    }),
  );

  it(
    'is told of a source whatever its id is',
    withHub(async (fixture) => {
      fixture.stopListening();
      const id = `a.b/*%${'\ud800é'.repeat(200)}`;
      const server = new FaultServer();
      await fixture.goLive(fixture.addServer(server, id));
      listener(fixture, nodesPattern(id, 'a'));
      server.put('a', statusOf([['n1', true]]));
      server.put('a', statusOf([['n1', false]]));
      await fixture.clock.advance(100);
      assert.deepEqual(fixture.takePublished('node.**').map(({ topic }) => topic), [nodeTopic(id, 'a', 'n1')]); // prettier-ignore
    }),
  );

  it(
    'of a persona that is not there is not found, or cannot be known',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      assert.throws(() => list(fixture, '__proto__'), /notFound/);
      server.delete('a');
      await fixture.clock.advance(10);
      assert.throws(() => list(fixture), /notFound/);
      source.disconnect();
      assert.throws(() => list(fixture), /closed/);
      fixture.hub.removeSource('s');
      assert.throws(() => list(fixture), /closed/);
    }),
  );

  it(
    'of names that mean something to somebody is that of any other',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer();
      listener(fixture, '**');
      const names = ['__proto__', 'constructor', 'a.b*c/d', ' ', 'half \ud83d', 'x'.repeat(100_000)];
      const nodes = (ready: boolean): ListedNode[] => names.map((name) => [name, ready]);
      server.put('a', statusOf(nodes(true)));
      await fixture.clock.advance(10);
      server.put('a', statusOf(nodes(false)));
      await fixture.clock.advance(10);
      assert.equal(takeChanged(fixture).length, names.length);
      assert.ok(list(fixture).every(({ health, since }) => health === 'warning' && since !== undefined));
      assert.deepEqual(fixture.logged, []);
      const twice: ListedNode[] = [['n', true], ['n', false], ['n', true]]; // prettier-ignore
      server.put('a', statusOf(twice));
      await fixture.clock.advance(10);
      assert.deepEqual(list(fixture).map(({ component, health }) => [component, health]), [['n', 'warning']]); // prettier-ignore
    }),
  );

  it(
    'of thousands that change at once is told by turns, of each once, and of those that are there',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer();
      listener(fixture, 'node.**');
      const nodes = (ready: boolean): ListedNode[] =>
        Array.from({ length: 2_000 }, (_, index) => [`n${index}`, ready]);
      server.put('a', statusOf(nodes(true)));
      await fixture.clock.advance(10);
      // The clock stands: none of the turns after the first has come.
      for (const ready of [false, true, false]) {
        server.put('a', statusOf(nodes(ready)));
        await fixture.clock.settle();
      }
      const atOnce = takeChanged(fixture);
      assert.equal(atOnce.length, 3 * 250);
      await fixture.clock.advance(10);
      const after = takeChanged(fixture);
      assert.equal(after.length, 1_750);
      assert.equal(new Set([...atOnce, ...after].map(({ topic }) => topic)).size, 2_000);
      server.put('a', statusOf(nodes(true)));
      await fixture.clock.settle();
      source.disconnect();
      await fixture.clock.advance(10);
    }),
  );

  it('is, after any changes, what the rules say of the persona, since its last change', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
    const flag = fc.constantFrom(true, false, undefined);
    const node = fc.record({ name, ready: flag });
    const addon = fc.record({ name, installed: flag, healthy: flag });
    const unique = { selector: (each: { readonly name: string }) => each.name, maxLength: 5 };
    const status = fc.record(
      { nodes: fc.uniqueArray(node, unique), addons: fc.uniqueArray(addon, unique) },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(status, { minLength: 1, maxLength: 12 }), async (statuses) => {
        await withHub(async (fixture) => {
          const { server } = await fixture.liveServer();
          listener(fixture, 'node.s.**', 'addon.s.**');
          let expected = new Map<string, ComponentHealth>();
          let before: ClusterPersona | undefined;
          for (const status of statuses) {
            await fixture.clock.advance(1_000);
            const now = fixture.clock.now();
            server.put('a', { status });
            await fixture.clock.settle();
            const persona = decodePersona({ metadata: { name: 'a' }, status });
            const next = modelOf(persona, before, expected, now);
            assert.deepEqual(list(fixture), [...next.values()]);
            const told = takeChanged(fixture).map(({ topic }) => topic);
            const differs = [...new Set([...expected.keys(), ...next.keys()])].filter(
              (key) => before !== undefined && expected.get(key)?.health !== next.get(key)?.health,
            );
            assert.deepEqual(told.toSorted(), differs.toSorted());
            before = persona;
            expected = next;
          }
        })();
      }),
      { numRuns: 60 },
    );
  });
});

/** By topic. */
function modelOf(
  persona: ClusterPersona,
  before: ClusterPersona | undefined,
  known: ReadonlyMap<string, ComponentHealth>,
  now: number,
): Map<string, ComponentHealth> {
  const { nodes, addons } = persona.status ?? {};
  const found = [
    ...(nodes ?? []).map((node) => ({
      kind: 'node' as const,
      component: node.name,
      health: nodeHealth(node),
    })),
    ...(addons ?? []).map((addon) => ({
      kind: 'addon' as const,
      component: addon.name,
      health: addonHealth(addon),
    })),
  ];
  const next = new Map<string, ComponentHealth>();
  for (const { kind, component, health } of found) {
    if (health !== 'notInstalled') {
      const topic = `${kind}.s.a.${component}`;
      const was = known.get(topic);
      const wasListed = (kind === 'node' ? before?.status?.nodes : before?.status?.addons) !== undefined;
      const since = was?.health === health ? was.since : wasListed ? now : undefined;
      next.set(topic, { kind, component, health, ...(since === undefined ? {} : { since }) });
    }
  }
  return next;
}
