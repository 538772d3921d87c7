import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Emitter } from '../../../../src/base/emitter';
import { alertFingerprint } from '../../../../src/hub/alerts/alertFingerprint';
import { DEFAULT_HUB_SETTINGS, type HubSettings } from '../../../../src/hub/hubSettings';
import { discoveredAt, heldAlerts } from '../../../../src/persona/alertRules';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { HubFixture } from '../hubFixture';

const NAMES = ['a', 'constructor', 'b/c.d*'] as const;
const SOURCES = ['s', 't'] as const;
/** A discovery this near to being old may be either: it is looked at again only at times. */
const NEAR_MS = 150_000;

interface SampleStatus {
  readonly phase: string;
  readonly notReady: number;
  readonly addon: boolean | null;
  readonly cpu: string;
  readonly ageMs: number;
  readonly environment: string | undefined;
}

type Step =
  | { readonly do: 'put'; readonly source: string; readonly name: string; readonly status: SampleStatus }
  | { readonly do: 'delete'; readonly source: string; readonly name: string }
  | {
      readonly do: 'down' | 'up' | 'cut' | 'compact' | 'connect' | 'disconnect' | 'exchange';
      readonly source: string;
    }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'threshold'; readonly cpuPercent: number };

const status: fc.Arbitrary<SampleStatus> = fc.record({
  phase: fc.constantFrom('Ready', 'Degraded', 'Unknown', 'Discovering'),
  notReady: fc.nat(13),
  addon: fc.option(fc.boolean()),
  cpu: fc.constantFrom('70%', '85%', '95%', '?'),
  ageMs: fc.constantFrom(0, 600_000, 3_600_000, -3_600_000),
  environment: fc.constantFrom('production', 'sandbox', undefined),
});
const source = fc.constantFrom(...SOURCES);
const name = fc.constantFrom(...NAMES);

function stepsOf(
  ...steps: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Step>])[]
): fc.Arbitrary<Step> {
  return fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const step = stepsOf(
  [6, fc.record({ do: fc.constant('put'), source, name, status })],
  [2, fc.record({ do: fc.constant('delete'), source, name })],
  [4, fc.record({ do: fc.constantFrom('down', 'up', 'cut', 'compact'), source })],
  [1, fc.record({ do: fc.constantFrom('connect', 'disconnect', 'exchange'), source })],
  [6, fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(50, 3_000, 40_000, 1_200_000) })],
  [1, fc.record({ do: fc.constant('threshold'), cpuPercent: fc.constantFrom(80, 90) })],
);

class Run {
  readonly #changed = new Emitter<HubSettings>(() => {});
  readonly #settings = { current: DEFAULT_HUB_SETTINGS, onChanged: this.#changed.event };
  readonly fixture = new HubFixture(this.#settings);
  readonly #servers = new Map<string, FaultServer>();
  /** What lasts as far as its events say, by source and fingerprint. */
  readonly #told = new Set<string>();

  constructor() {
    const { hub, owned } = this.fixture;
    for (const id of SOURCES) {
      const server = new FaultServer();
      this.#servers.set(id, server);
      this.fixture.addServer(server, id).connect();
    }
    owned.add(
      hub.onEvent((event) => {
        if (event.type === 'alert.raised') {
          this.#told.add(`${event.data.source} ${event.data.fingerprint}`);
        } else if (event.type === 'alert.resolved') {
          const id = `${event.data.source} ${event.data.fingerprint}`;
          assert.ok(this.#told.delete(id), 'what is resolved was raised before');
        }
      }),
    );
  }

  async take(step: Step): Promise<void> {
    const { clock, hub } = this.fixture;
    const server = 'source' in step ? this.#servers.get(step.source) : undefined;
    const at = 'source' in step ? hub.source(step.source) : undefined;
    switch (step.do) {
      case 'put':
        server?.put(step.name, this.#fields(step.status));
        return;
      case 'delete':
        if (server?.collection.get(step.name) !== undefined) {
          server.delete(step.name);
        }
        return;
      case 'down':
      case 'cut':
      case 'exchange':
        if (server !== undefined) {
          server.isDown = step.do === 'down';
          server.clusterUid = step.do === 'exchange' ? `cluster-${clock.now()}` : server.clusterUid;
          server.cutWatches();
        }
        return;
      case 'up':
        if (server !== undefined) {
          server.isDown = false;
        }
        return;
      case 'compact':
        server?.collection.compact();
        return;
      case 'connect':
        at?.connect();
        return;
      case 'disconnect':
        at?.disconnect();
        return;
      case 'wait':
        await clock.advance(step.ms);
        return;
      case 'threshold': {
        const { current } = this.#settings;
        this.#settings.current = { ...current, alerts: { ...current.alerts, cpuPercent: step.cpuPercent } };
        this.#changed.fire(this.#settings.current);
        return;
      }
      default:
        step satisfies never;
    }
  }

  #fields({ phase, notReady, addon, cpu, ageMs, environment }: SampleStatus) {
    return {
      spec: { environment },
      status: {
        phase,
        nodes: Array.from({ length: notReady + 1 }, (_, place) => ({
          name: `n${place}`,
          ready: place === 0,
        })),
        addons: addon === null ? [] : [{ name: '__proto__', healthy: addon }],
        resourceSummary: { cpuUtilization: cpu },
        lastDiscovery: new Date(this.fixture.clock.now() - ageMs).toISOString(),
      },
    };
  }

  /** Holds at any moment. */
  checkCounts(): void {
    const { alerts } = this.fixture.hub;
    const lasting = alerts.list({}).alerts.filter(({ resolvedAt }) => resolvedAt === undefined);
    assert.equal(alerts.counts().total, lasting.length);
    for (const id of SOURCES) {
      const ofSource = lasting.filter(({ source }) => source === id);
      assert.equal(alerts.counts(id).total, ofSource.length);
      for (const name of NAMES) {
        assert.equal(alerts.counts(id, name).total, ofSource.filter((alert) => alert.name === name).length);
      }
    }
    for (const { source, fingerprint } of lasting) {
      assert.ok(this.#told.has(`${source} ${fingerprint}`), 'what lasts was told');
    }
    const all = alerts.list({}).alerts.map(({ source, fingerprint }) => `${source} ${fingerprint}`);
    assert.equal(new Set(all).size, all.length, 'each is listed once');
  }

  /** Holds once everything has come to rest. */
  checkContent(): void {
    const { hub, clock } = this.fixture;
    const expected = new Set<string>();
    const either = new Set<string>();
    for (const source of hub.sources()) {
      const { state, asOf = clock.now(), count } = source.status();
      if (state.type !== 'live' && state.type !== 'idle' && count > 0) {
        expected.add(`${alertFingerprint(source.id, undefined, 'sourceStale', undefined)} warning`);
      }
      for (const { name } of source.rows()) {
        const persona = source.persona(name) ?? assert.fail();
        const { alerts } = this.#settings.current;
        for (const { rule, subject, severity } of heldAlerts(persona, alerts, Math.min(clock.now(), asOf))) {
          expected.add(`${alertFingerprint(source.id, name, rule, subject)} ${severity}`);
        }
        const discovered = discoveredAt(persona) ?? assert.fail();
        if (Math.abs(asOf - discovered - alerts.discoveryAgeMs) < NEAR_MS) {
          for (const severity of ['warning', 'info']) {
            either.add(`${alertFingerprint(source.id, name, 'discoveryOld', undefined)} ${severity}`);
          }
        }
      }
    }
    const actual = hub.alerts
      .list({})
      .alerts.filter(({ resolvedAt }) => resolvedAt === undefined)
      .map(({ fingerprint, severity }) => `${fingerprint} ${severity}`);
    const sure = (ids: Iterable<string>): string[] => [...ids].filter((id) => !either.has(id)).toSorted();
    assert.deepEqual(sure(actual), sure(expected));
  }
}

describe('after whatever happened to clusters and connections', () => {
  it('the alerts that last are those that the rules find in what the hub holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 35 }), async (steps) => {
        const run = new Run();
        try {
          for (const taken of steps) {
            await run.take(taken);
            run.checkCounts();
          }
          await run.fixture.clock.advance(120_000);
          run.checkCounts();
          run.checkContent();
        } finally {
          run.fixture.owned.dispose();
          run.fixture.hub.dispose();
        }
        await run.fixture.finish();
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);
});
