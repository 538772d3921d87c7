import assert from 'node:assert/strict';
import type { Random } from '../../../src/base/random';
import type { Informer } from '../../../src/informer/informer';
import type { SourceState } from '../../../src/protocol/sourceState';
import type { ClusterUnderTest } from './clusterUnderTest';
import { FollowedInformer } from './followedInformer';
import { RecordedRequests } from './recordedRequests';

/** What needs no waiting is done within this, also on a busy machine; of time that is made up it costs nothing. */
const SOON_MS = 15_000;
/** A slow retry comes after 18 s at the latest. */
export const SLOW_RETRY_MS = 18_000 + SOON_MS;

/** One informer on one cluster, what it said, and what it asked. */
export class RuleRun {
  readonly cluster: ClusterUnderTest;
  readonly followed: FollowedInformer;
  readonly requests: RecordedRequests;

  constructor(cluster: ClusterUnderTest, random?: Random) {
    this.cluster = cluster;
    this.requests = new RecordedRequests(cluster.fetch);
    this.followed = new FollowedInformer({
      fetch: this.requests.fetch,
      clock: cluster.clock,
      refreshCredentials: cluster.refreshCredentials,
      ...(random === undefined ? {} : { random }),
    });
  }

  get informer(): Informer {
    return this.followed.informer;
  }

  async until(what: string, isSo: () => boolean, withinMs = SOON_MS): Promise<void> {
    try {
      await this.cluster.until(what, isSo, withinMs);
    } catch (error) {
      throw new Error(`${what}: not so. ${this.#account()}`, { cause: error });
    }
  }

  reach(type: SourceState['type'], withinMs = SOON_MS): Promise<void> {
    return this.until(`the state is ${type}`, () => this.informer.state.type === type, withinMs);
  }

  /** Starts, and waits until it is live; what was said until then is forgotten. */
  async goLive(): Promise<void> {
    this.informer.start();
    await this.reach('live');
    this.followed.takeStates();
    this.followed.takeNotifications();
  }

  /** The Store becomes what the cluster holds, and the notifications add up to it. */
  async inSync(withinMs = SOON_MS): Promise<void> {
    const expected = await this.cluster.held();
    const { followed } = this;
    await this.until(`it holds ${expected.join(', ')}`, () => isSame(followed.held, expected), withinMs);
    assert.deepEqual(followed.folded, expected);
  }

  /** For whoever reads of a failure. */
  #account(): string {
    const { informer, followed, requests, cluster } = this;
    const ageMs = informer.asOf === undefined ? undefined : cluster.clock.now() - informer.asOf;
    return [
      `State ${JSON.stringify(informer.state)} after ${followed.states.map(({ type }) => type).join(', ')}`,
      `proven ${followed.proofs} times, last ${ageMs ?? '-'} ms ago`,
      `${requests.count('list')} lists, ${requests.count('watch')} watches, ${requests.count('probe')} probes`,
      `told ${followed.told.join(', ')}`,
      ...followed.logged,
    ].join('\n');
  }

  /** Ends it, and checks that nothing of it goes on. */
  async finish(): Promise<void> {
    const { followed, cluster } = this;
    followed.subscriptions.dispose();
    const told = followed.notifications.length;
    await cluster.release();
    assert.equal(followed.notifications.length, told, 'something was told after the end');
    assert.deepEqual(followed.violations, []);
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
