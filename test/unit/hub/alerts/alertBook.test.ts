import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter';
import { AlertBook } from '../../../../src/hub/alerts/alertBook';
import { alertFingerprint } from '../../../../src/hub/alerts/alertFingerprint';
import { DEFAULT_HUB_SETTINGS, type AlertSettings, type HubSettings } from '../../../../src/hub/hubSettings';
import type { Alert } from '../../../../src/protocol/alert';
import { BusyClock } from '../../../support/busyClock';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../hubFixture';

const nodes = (...ready: readonly boolean[]) =>
  ready.map((value, place) => ({ name: `n${place}`, ready: value }));
const status = (fields: Readonly<Record<string, unknown>>) => ({ status: { phase: 'Ready', ...fields } });
const WELL = status({ nodes: nodes(true, true) });
const ILL = status({ nodes: nodes(true, false) });

function said({ rule, name, subject, severity, resolvedAt }: Alert): string {
  return [rule, name, subject, severity, resolvedAt === undefined ? undefined : 'ended']
    .filter((part) => part !== undefined)
    .join(' ');
}
const listed = ({ hub }: HubFixture): string[] => hub.alerts.list({}).alerts.map(said);
const only = ({ hub }: HubFixture): Alert => {
  const { alerts } = hub.alerts.list({});
  assert.equal(alerts.length, 1);
  return alerts[0] ?? assert.fail();
};
const alertEvents = (fixture: HubFixture): string[] =>
  fixture.takeEvents().filter((event) => event.startsWith('alert.'));

/** Settings that a test changes. */
class ChangedSettings {
  readonly #changed = new Emitter<HubSettings>(() => {});
  current = DEFAULT_HUB_SETTINGS;
  readonly onChanged = this.#changed.event;

  change(alerts: Partial<AlertSettings>): void {
    this.current = { ...this.current, alerts: { ...this.current.alerts, ...alerts } };
    this.#changed.fire(this.current);
  }
}

/** Loses the connection, for longer than a stale source is given. */
async function lose({ clock }: HubFixture, server: FaultServer): Promise<void> {
  server.isDown = true;
  server.cutWatches();
  await clock.advance(30_000);
}

async function comeBack({ clock }: HubFixture, server: FaultServer): Promise<void> {
  server.isDown = false;
  await clock.advance(40_000);
}

describe('the alert book', () => {
  trackLeaks();

  it(
    'raises what a change brings and resolves what one ends, each before it is told',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { hub, clock, owned } = fixture;
      server.put('a', WELL);
      await clock.advance(1_000);
      const seen: string[][] = [];
      owned.add(hub.onEvent(({ type }) => void (type.startsWith('alert.') && seen.push(listed(fixture)))));
      fixture.takeEvents();
      server.put('a', ILL);
      await clock.advance(1_000);
      const raised = only(fixture);
      assert.equal(said(raised), 'nodeNotReady a n1 warning');
      assert.deepEqual(alertEvents(fixture), ['alert.raised a']);
      assert.deepEqual(hub.alerts.counts(), hub.alerts.counts('s'));
      assert.equal(hub.alerts.counts('s', 'a').total, 1);
      assert.equal(hub.alerts.counts('s').worst, 'warning');
      server.put('a', { ...ILL, spec: { description: 'the same trouble' } });
      await clock.advance(5_000);
      assert.deepEqual(alertEvents(fixture), []);
      assert.deepEqual(only(fixture), raised);
      server.put('a', WELL);
      await clock.advance(1_000);
      assert.deepEqual(alertEvents(fixture), ['alert.resolved a']);
      assert.equal(only(fixture).resolvedAt, clock.now() - 1_000);
      assert.equal(hub.alerts.counts().total, 0);
      assert.equal(hub.alerts.counts().worst, undefined);
      assert.deepEqual(seen, [['nodeNotReady a n1 warning'], ['nodeNotReady a n1 warning ended']]);
    }),
  );

  it(
    'names an alert by source, cluster, rule and subject, and its event by the source and that',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      server.put('a', ILL);
      await fixture.clock.advance(1_000);
      const fingerprint = alertFingerprint('s', 'a', 'nodeNotReady', 'n1');
      assert.match(fingerprint, /^[0-9a-f]{16}$/);
      assert.equal(only(fixture).fingerprint, fingerprint);
      const event = fixture.events.find(({ type }) => type === 'alert.raised');
      assert.equal(event?.topic, `alert.s.${fingerprint}`);
      assert.equal(event?.priority, 'high');
      assert.deepEqual(event?.data, { source: 's', name: 'a', fingerprint, severity: 'warning' });
    }),
  );

  it(
    'takes what a first list finds for no news, and what comes after it for news',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const server = new FaultServer();
      server.put('a', ILL);
      const source = fixture.addServer(server);
      await fixture.goLive(source);
      const isNews = (name: string): boolean | undefined => {
        const fingerprint = alertFingerprint('s', name, 'nodeNotReady', 'n1');
        return hub.alerts.lasting({ source: 's', name, fingerprint, severity: 'warning' })?.isNews;
      };
      assert.equal(isNews('a'), false);
      server.put('b', ILL);
      await clock.advance(1_000);
      assert.equal(isNews('b'), true);
      await lose(fixture, server);
      server.put('c', ILL);
      server.collection.compact();
      await comeBack(fixture, server);
      assert.equal(isNews('c'), true);
      source.disconnect();
      await fixture.goLive(source);
      assert.equal(isNews('c'), false);
      server.clusterUid = 'cluster-b';
      await lose(fixture, server);
      await comeBack(fixture, server);
      assert.equal(isNews('c'), false);
    }),
  );

  it(
    'has what comes back within half a minute go on, and what comes later begin',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const { server } = await fixture.liveServer('a');
      server.put('a', ILL);
      await clock.advance(1_000);
      const { raisedAt } = only(fixture);
      server.put('a', WELL);
      await clock.advance(29_000);
      fixture.takeEvents();
      server.put('a', ILL);
      await clock.advance(1_000);
      assert.equal(only(fixture).raisedAt, raisedAt);
      assert.equal(only(fixture).resolvedAt, undefined);
      assert.deepEqual(alertEvents(fixture), ['alert.raised a']);
      assert.equal(hub.alerts.lasting(only(fixture))?.isNews, true);
      server.put('a', WELL);
      await clock.advance(31_000);
      server.put('a', ILL);
      await clock.advance(1_000);
      assert.equal(only(fixture).raisedAt, clock.now() - 1_000);
      assert.equal(hub.alerts.lasting(only(fixture))?.isNews, true);
    }),
  );

  it(
    'tells anew what became worse, and goes on since it was raised',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const server = new FaultServer();
      server.put('a', ILL);
      await fixture.goLive(fixture.addServer(server));
      const { raisedAt } = only(fixture);
      fixture.takeEvents();
      server.put('a', status({ nodes: nodes(false, false) }));
      await clock.advance(5_000);
      assert.deepEqual(listed(fixture), ['nodeNotReady a n0 critical', 'nodeNotReady a n1 critical']);
      assert.deepEqual(alertEvents(fixture), ['alert.raised a', 'alert.raised a']);
      const n1 = hub.alerts.list({}).alerts.find(({ subject }) => subject === 'n1') ?? assert.fail();
      assert.equal(n1.raisedAt, raisedAt);
      assert.equal(hub.alerts.lasting(n1)?.isNews, true);
      assert.equal(hub.alerts.counts().worst, 'critical');
      server.put('a', ILL);
      await clock.advance(1_000);
      assert.deepEqual(alertEvents(fixture), ['alert.raised a', 'alert.resolved a']);
      assert.equal(hub.alerts.counts().worst, 'warning');
    }),
  );

  it(
    'does not claim that subjects recovered when they are counted instead of told',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a');
      const down = (count: number) =>
        status({
          nodes: [
            ...nodes(true),
            ...Array.from({ length: count }, (_, place) => ({ name: `d${place}`, ready: false })),
          ],
        });
      server.put('a', down(10));
      await clock.advance(1_000);
      const { raisedAt } = fixture.hub.alerts.list({}).alerts[0] ?? assert.fail();
      fixture.takeEvents();
      server.put('a', down(11));
      await clock.advance(1_000);
      assert.deepEqual(alertEvents(fixture), ['alert.raised a']);
      assert.equal(only(fixture).value, 11);
      assert.equal(only(fixture).raisedAt, raisedAt);
      server.put('a', down(10));
      await clock.advance(1_000);
      assert.deepEqual(
        alertEvents(fixture),
        Array.from({ length: 10 }, () => 'alert.raised a'),
      );
      assert.ok(fixture.hub.alerts.list({}).alerts.every((alert) => alert.raisedAt === raisedAt));
      server.put('a', down(12));
      await clock.advance(1_000);
      fixture.takeEvents();
      server.put('a', WELL);
      await clock.advance(1_000);
      assert.deepEqual(alertEvents(fixture), ['alert.resolved a']);
    }),
  );

  it(
    'resolves the alerts of what is deleted',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      server.put('a', ILL);
      await fixture.clock.advance(1_000);
      fixture.takeEvents();
      server.delete('a');
      await fixture.clock.advance(1_000);
      assert.deepEqual(alertEvents(fixture), ['alert.resolved a']);
      assert.deepEqual(listed(fixture), ['nodeNotReady a n1 warning ended']);
    }),
  );

  it(
    'lets the alerts of what is disconnected, removed or another cluster’s go without a claim',
    withHub(async (fixture) => {
      const { hub, clock, owned } = fixture;
      const { server, source } = await fixture.liveServer('a');
      server.put('b', ILL);
      server.put('a', ILL);
      await clock.advance(1_000);
      server.put('a', WELL);
      await clock.advance(1_000);
      const changed: string[] = [];
      owned.add(hub.alerts.onChanged(({ name }) => changed.push(name ?? '*')));
      fixture.takeEvents();
      source.disconnect();
      assert.deepEqual(listed(fixture), []);
      assert.equal(hub.alerts.counts().total, 0);
      assert.ok(changed.includes('b') && changed.includes('*'));
      await fixture.goLive(source);
      assert.deepEqual(listed(fixture), ['nodeNotReady b n1 warning']);
      server.clusterUid = 'cluster-b';
      server.delete('b');
      server.isDown = true;
      server.cutWatches();
      await clock.advance(3_000);
      await comeBack(fixture, server);
      assert.deepEqual(listed(fixture), []);
      server.put('c', ILL);
      await clock.advance(1_000);
      hub.removeSource('s');
      assert.deepEqual(listed(fixture), []);
      assert.ok(!fixture.takeEvents().some((event) => event.startsWith('alert.resolved')));
    }),
  );

  it(
    'raises an alert about a source that is not live any more, and keeps the others as not known to last',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const { server } = await fixture.liveServer('a');
      server.put('a', ILL);
      await clock.advance(1_000);
      server.isDown = true;
      server.cutWatches();
      await clock.advance(9_000);
      assert.deepEqual(listed(fixture), ['nodeNotReady a n1 warning']);
      assert.deepEqual(hub.alerts.list({}).unwatched, ['s']);
      assert.equal(hub.alerts.isWatched('s'), false);
      await clock.advance(20_000);
      assert.deepEqual(listed(fixture), ['sourceStale warning', 'nodeNotReady a n1 warning']);
      assert.equal(hub.alerts.counts('s').total, 2);
      assert.deepEqual(hub.alerts.list({ source: 's', name: 'a' }).alerts.map(said), [
        'nodeNotReady a n1 warning',
      ]);
      assert.deepEqual(hub.alerts.list({ source: 'other' }), { alerts: [], unwatched: [] });
      await comeBack(fixture, server);
      assert.deepEqual(listed(fixture), ['sourceStale warning ended', 'nodeNotReady a n1 warning']);
      assert.deepEqual(hub.alerts.list({}).unwatched, []);
    }),
  );

  it(
    'is not alarmed by a source that never held anything, or is back in a moment',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const empty = new FaultServer();
      empty.isDown = true;
      fixture.addServer(empty, 'empty').connect();
      const { server } = await fixture.liveServer('a');
      server.isDown = true;
      server.cutWatches();
      await clock.advance(3_000);
      server.isDown = false;
      await clock.advance(60_000);
      assert.deepEqual(listed(fixture), []);
      assert.deepEqual(alertEvents(fixture), []);
    }),
  );

  it(
    'finds a discovery old when its time has come, with one timer, and says how old it is by now',
    withHub(async (fixture) => {
      const { hub, clock } = fixture;
      const { server } = await fixture.liveServer('a');
      const discovered = clock.now();
      server.put('a', status({ lastDiscovery: new Date(discovered).toISOString() }));
      server.put('b', status({ lastDiscovery: new Date(discovered + 600_000).toISOString() }));
      await clock.advance(30 * 60_000);
      assert.deepEqual(listed(fixture), []);
      // A hidden source is proven at least every 90 s.
      await clock.advance(100_000);
      assert.deepEqual(listed(fixture), ['discoveryOld a warning']);
      await clock.advance(300_000);
      const { value = 0 } = only(fixture);
      assert.ok(value > 33 * 60_000 && value <= clock.now() - discovered, String(value));
      server.put('a', status({ lastDiscovery: new Date(clock.now()).toISOString() }));
      await clock.advance(1_000);
      assert.deepEqual(listed(fixture), ['discoveryOld a warning ended']);
      assert.equal(hub.alerts.counts().total, 0);
    }),
  );

  it(
    'finds no discovery old while nobody can know of another one',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a');
      const discover = (): void =>
        server.put('a', status({ lastDiscovery: new Date(clock.now()).toISOString() }));
      discover();
      await clock.advance(1_000);
      await lose(fixture, server);
      await clock.advance(2 * 3_600_000);
      assert.deepEqual(listed(fixture), ['sourceStale warning']);
      discover();
      await comeBack(fixture, server);
      assert.deepEqual(listed(fixture), ['sourceStale warning ended']);
      await lose(fixture, server);
      await clock.advance(2 * 3_600_000);
      await comeBack(fixture, server);
      await clock.advance(60_000);
      assert.ok(listed(fixture).includes('discoveryOld a warning'));
    }),
  );

  it(
    'keeps what ended for as long as the settings say, and no more than a thousand',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a');
      server.put('a', ILL);
      await clock.advance(1_000);
      server.put('a', WELL);
      await clock.advance(DEFAULT_HUB_SETTINGS.alerts.keptMs - 2_000);
      assert.equal(listed(fixture).length, 1);
      await clock.advance(5_000);
      assert.deepEqual(listed(fixture), []);
      for (let place = 0; place < 1_010; place += 1) {
        server.put(`p${place}`, ILL);
      }
      await clock.advance(1_000);
      for (let place = 0; place < 1_010; place += 1) {
        server.put(`p${place}`, WELL);
      }
      await clock.advance(1_000);
      const { alerts, more } = fixture.hub.alerts.list({});
      assert.deepEqual([alerts.length, more], [1_000, undefined]);
      assert.deepEqual(fixture.hub.alerts.list({ source: 's', name: 'p0' }).alerts, []);
    }),
  );

  it(
    'lists the worst where there are too many to list, and says how many are left out',
    withHub(async (fixture) => {
      const { clock, hub } = fixture;
      const { server } = await fixture.liveServer('a');
      server.put('worst', status({ phase: 'Unknown' }));
      for (let place = 0; place < 1_100; place += 1) {
        server.put(`p${place}`, ILL);
      }
      await clock.advance(1_000);
      const { alerts, more } = hub.alerts.list({});
      assert.deepEqual([alerts.length, more], [1_000, 101]);
      assert.ok(alerts.some(({ name }) => name === 'worst'));
    }),
  );

  it('looks at everything again when a threshold changes', async () => {
    const settings = new ChangedSettings();
    await withHub(async (fixture) => {
      const { clock, hub } = fixture;
      const { server } = await fixture.liveServer();
      for (let place = 0; place < 300; place += 1) {
        server.put(`p${place}`, status({ resourceSummary: { cpuUtilization: '80%' } }));
      }
      await clock.advance(1_000);
      fixture.takeEvents();
      settings.change({ keptMs: 1 });
      settings.change({ cpuPercent: 75 });
      assert.equal(hub.alerts.counts().total, 0);
      await clock.advance(10);
      assert.equal(hub.alerts.counts().total, 300);
      const [first] = hub.alerts.list({}).alerts;
      assert.deepEqual([first?.value, first?.threshold], [80, 75]);
      assert.equal(hub.alerts.lasting(first ?? assert.fail())?.isNews, false);
      settings.change({ cpuPercent: 85 });
      hub.source('s')?.disconnect();
      await clock.advance(10);
      assert.equal(hub.alerts.counts().total, 0);
    }, settings)();
  });

  it('gives others a turn while it looks at everything again', async () => {
    const settings = new ChangedSettings();
    await withHub(async (fixture) => {
      const { hub, logger, owned } = fixture;
      const { server } = await fixture.liveServer();
      const clock = new BusyClock(fixture.clock);
      const book = owned.add(new AlertBook({ clock, logger, settings, publish: () => {} }));
      hub.addObserver(book);
      for (let place = 0; place < 200; place += 1) {
        server.put(`p${place}`, status({ resourceSummary: { cpuUtilization: '80%' } }));
      }
      await fixture.clock.advance(1_000);
      const before = clock.turns;
      settings.change({ cpuPercent: 75 });
      await fixture.clock.advance(10);
      assert.equal(book.counts().total, 200);
      assert.ok(clock.turns - before >= 10, `${clock.turns - before} turns`);
    })();
  });
});
