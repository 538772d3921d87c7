import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/base/disposable';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { seededRandom } from '../../../../src/base/random';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { DemoFaults } from '../../../../src/demo/faults/demoFaults';
import type { ClusterUnderTest, Faults, ServerUnderTest, Writes } from '../clusterUnderTest';
import { MadeUpTime } from './madeUpTime';
import { PersonaApi } from './personaApi';

const SEED = 4;
const OTHER_SEED = 5;

/** The demo cluster without a fleet, and its knobs. */
class DemoClusterUnderTest implements ClusterUnderTest {
  readonly #owned = new DisposableStore();
  readonly #time = new MadeUpTime();
  readonly clock = this.#time.clock;
  readonly refreshCredentials = (): Promise<void> => Promise.resolve();
  #demo = this.#create(SEED);
  readonly #server: KubeFetch = (path, request) => this.#demo.fetch(path, request);
  readonly #api = new PersonaApi(this.#server);
  readonly #knobs = new DemoFaults({
    fetch: this.#server,
    clock: this.#time.fake,
    random: seededRandom(SEED),
    compact: () => this.#demo.compact(),
  });
  readonly fetch = this.#knobs.fetch;

  readonly latenessMs = 0;

  readonly faults: Partial<Faults> = {
    endWatches: async () => void this.#knobs.cutWatches('end'),
    cutConnections: async () => void this.#knobs.cutWatches('break'),
    goSilent: async () => {
      const silence = this.#owned.add(this.#knobs.silence());
      return async () => silence.dispose();
    },
    expireByStatus: (missed) =>
      this.#miss(missed, () => {
        this.#owned.add(this.#knobs.expireNext(1));
        this.#knobs.cutWatches('end');
      }),
    expireByEvent: (missed) =>
      this.#miss(missed, () => {
        this.#demo.compact();
        this.#knobs.cutWatches('end');
      }),
    expireOpenWatches: (missed) => this.#miss(missed, () => void this.#knobs.expireWatches()),
    expireContinueTokens: async (count) => void this.#owned.add(this.#knobs.expireNext(count)),
    sendGarbage: async () => void this.#knobs.garble('line'),
    throttle: async (seconds) => {
      const refusal = this.#owned.add(this.#knobs.throttleNext(Infinity, seconds));
      return async () => refusal.dispose();
    },
    failInternally: async () => {
      const refusal = this.#owned.add(this.#knobs.failNext(Infinity));
      return async () => refusal.dispose();
    },
    revokePermission: async () => {
      const refusal = this.#owned.add(this.#knobs.deny());
      return async () => refusal.dispose();
    },
    takeBackup: async () => async () => {
      // Of the same seed: the same cluster as it was at its beginning.
      this.#replace(this.#create(SEED));
    },
    switchCluster: async () => {
      this.#replace(this.#create(OTHER_SEED));
      await this.#api.put('other', 'of the other cluster');
    },
    passLong: (ms) => this.#time.pass(ms),
    readMetadata: (name) => this.#api.readMetadata(name),
  };

  put(name: string, text: string): Promise<void> {
    return this.#api.put(name, text);
  }

  delete(name: string): Promise<void> {
    return this.#api.delete(name);
  }

  held(): Promise<readonly string[]> {
    return this.#api.held();
  }

  pass(ms: number): Promise<void> {
    return this.#time.pass(ms);
  }

  until(what: string, isSo: () => boolean, withinMs: number): Promise<void> {
    return this.#time.until(what, isSo, withinMs);
  }

  async release(): Promise<void> {
    await this.#time.fake.settle();
    assert.equal(this.#knobs.openExchangeCount, 0, 'an exchange is left open');
    assert.equal(this.#demo.openBodyCount, 0, 'a body is left open');
    this.#demo.dispose();
    assert.equal(this.#time.fake.pendingTimers, 0, 'a timer is left');
  }

  async stop(): Promise<void> {
    this.#owned.dispose();
    this.#knobs.dispose();
    this.#demo.dispose();
  }

  #create(seed: number): DemoCluster {
    return createDemoCluster({ clock: this.#time.fake, seed, personas: 0 });
  }

  #replace(next: DemoCluster): void {
    const before = this.#demo;
    this.#demo = next;
    before.dispose();
  }

  /** What open watches were not told when they end is lost to them. */
  async #miss(writes: Writes, end: () => void): Promise<void> {
    const silence = this.#knobs.silence();
    await writes();
    end();
    silence.dispose();
  }
}

const NO_SOCKETS = 'it is called as a function: there is no network';
const ONE_DEFINITION = 'it serves one definition, which cannot be written';

export const demoCluster: ServerUnderTest = {
  name: 'demo cluster',
  cannot: {
    refuseConnections: NO_SOCKETS,
    swallowPackets: NO_SOCKETS,
    countConnections: NO_SOCKETS,
    restart: 'it has no process of its own; to begin anew is to be restored from a backup',
    revokeCredentials: 'who its tokens belong to is settled when it is made',
    removeDefinition: ONE_DEFINITION,
    updateDefinition: ONE_DEFINITION,
  },
  start: async () => new DemoClusterUnderTest(),
};
