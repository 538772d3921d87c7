import assert from 'node:assert/strict';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { errorLine, playStatus, type Play } from '../../../support/faultServer/play';
import type { RequestKind } from '../../../support/faultServer/requestKind';
import type { ClusterUnderTest, End, Faults, ServerUnderTest } from '../clusterUnderTest';
import { nameAndVersion } from '../followedInformer';
import { MadeUpTime } from './madeUpTime';

const EVERY_KIND: readonly RequestKind[] = ['identity', 'list', 'probe', 'watch'];
const EXPIRED = { code: 410, reason: 'Expired', message: 'too old resource version' };

/** The scripted fault server. */
class FaultServerCluster implements ClusterUnderTest {
  readonly #server = new FaultServer();
  readonly #time = new MadeUpTime();
  readonly fetch = this.#server.fetch;
  readonly clock = this.#time.clock;
  readonly refreshCredentials = (): Promise<void> => Promise.resolve();

  readonly latenessMs = 0;

  readonly faults: Partial<Faults> = {
    endWatches: async () => this.#server.endWatches(),
    cutConnections: async () => this.#server.cutWatches(),
    refuseConnections: async () => {
      this.#server.isDown = true;
      this.#server.cutWatches();
      return async () => {
        this.#server.isDown = false;
      };
    },
    goSilent: async () => {
      this.#server.isFrozen = true;
      return async () => {
        this.#server.isFrozen = false;
      };
    },
    expireByStatus: async (missed) => {
      this.#server.expiresBy = 'status';
      await this.#miss(missed);
      this.#server.endWatches();
    },
    expireByEvent: async (missed) => {
      this.#server.expiresBy = 'event';
      await this.#miss(missed);
      this.#server.endWatches();
    },
    expireOpenWatches: async (missed) => {
      await this.#miss(missed);
      this.#server.hearAgain();
      this.#server.sendLine(errorLine(EXPIRED));
      this.#server.endWatches();
    },
    expireContinueTokens: async (count) => {
      let left = count;
      this.#server.onRequest = ({ query }) => {
        if (left > 0 && query.has('continue')) {
          left -= 1;
          this.#server.expireTokens();
        }
      };
    },
    sendGarbage: async () => this.#server.sendLine('{"type":"MODIFIED","object":<html>'),
    throttle: (seconds) =>
      this.#answerAlways(playStatus(429, 'TooManyRequests', 'slow down', { 'retry-after': `${seconds}` })),
    failInternally: () => this.#answerAlways(playStatus(500, 'InternalError', 'etcd is unwell')),
    revokePermission: () => this.#answerAlways(playStatus(403, 'Forbidden', 'forbidden')),
    revokeCredentials: async () => {
      await this.#answerAlways(playStatus(401, 'Unauthorized', 'Unauthorized'));
    },
    removeDefinition: async () => {
      this.#server.uninstall();
      return async () => {
        this.#server.isInstalled = true;
      };
    },
    updateDefinition: async () => {
      // As a real API server was seen to do it.
      this.#server.play(
        'watch',
        playStatus(429, 'TooManyRequests', 'storage is (re)initializing', { 'retry-after': '1' }),
        playStatus(410, 'Expired', 'too old resource version: 208 (209)'),
      );
      this.#server.endWatches();
    },
    takeBackup: async () => {
      const { version, names } = this.#server.collection;
      return async () => {
        this.#server.collection.restore(version, names);
        this.#server.cutWatches();
      };
    },
    switchCluster: async () => {
      const { collection } = this.#server;
      this.#server.deafenWatches();
      collection.names.forEach((name) => collection.delete(name));
      collection.put('other');
      this.#server.clusterUid = 'cluster-b';
      this.#server.cutWatches();
    },
    passLong: (ms) => this.#time.pass(ms),
  };

  async put(name: string, text: string): Promise<void> {
    this.#server.put(name, { spec: { name, environment: 'development', description: text } });
  }

  async delete(name: string): Promise<void> {
    this.#server.delete(name);
  }

  async held(): Promise<readonly string[]> {
    return this.#server.collection.values().map(nameAndVersion).toSorted();
  }

  pass(ms: number): Promise<void> {
    return this.#time.pass(ms);
  }

  until(what: string, isSo: () => boolean, withinMs: number): Promise<void> {
    return this.#time.until(what, isSo, withinMs);
  }

  async release(): Promise<void> {
    await this.#time.fake.settle();
    assert.equal(this.#time.fake.pendingTimers, 0, 'a timer is left');
    assert.equal(this.#server.openExchanges, 0, 'an exchange is left open');
    assert.equal(this.#server.openWatches, 0, 'a watch is left open');
  }

  async stop(): Promise<void> {}

  async #answerAlways(play: Play): Promise<End> {
    EVERY_KIND.forEach((kind) => this.#server.playAlways(kind, play));
    return async () => EVERY_KIND.forEach((kind) => this.#server.playAlways(kind));
  }

  /** Something else is written too: where nothing happened, nothing can have expired. */
  async #miss(writes: () => Promise<void>): Promise<void> {
    this.#server.deafenWatches();
    await writes();
    this.#server.collection.skipVersions(1);
    this.#server.collection.compact();
  }
}

const NO_SOCKETS = 'it is called as a function: there is no network';

export const faultServer: ServerUnderTest = {
  name: 'fault server',
  cannot: {
    swallowPackets: NO_SOCKETS,
    countConnections: NO_SOCKETS,
    restart: 'it has no memory to lose: that a restarted server has forgotten its history is played as 410',
    readMetadata: 'it keeps no field managers: what they would write is played by script',
  },
  start: async () => new FaultServerCluster(),
};
