import assert from 'node:assert/strict';
import type { Random } from '../../../../src/base/random';
import type { InitialState } from '../../../../src/informer/initialState';
import { FakeClock } from '../../../support/fakeClock';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { FollowedInformer, nameAndVersion } from '../followedInformer';

export interface FixtureOptions {
  /** What becomes of renewing the credentials; absent where they cannot be renewed. */
  readonly renewal?: 'works' | 'hangs';
  readonly random?: Random;
  readonly initialState?: InitialState;
}

/** An informer, the scripted server that it follows, and their time. */
export class InformerFixture extends FollowedInformer {
  readonly server: FaultServer;
  readonly clock: FakeClock;

  constructor({ renewal, random, initialState }: FixtureOptions = {}) {
    const server = new FaultServer();
    const clock = new FakeClock();
    super({
      fetch: server.fetch,
      clock,
      ...(random === undefined ? {} : { random }),
      ...(initialState === undefined ? {} : { initialState }),
      ...(renewal === undefined
        ? {}
        : { refreshCredentials: () => (renewal === 'works' ? Promise.resolve() : new Promise(() => {})) }),
    });
    this.server = server;
    this.clock = clock;
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  /** Starts, and waits until it is live. */
  async goLive(): Promise<void> {
    this.informer.start();
    await this.settle();
    assert.equal(this.informer.state.type, 'live', `not live: ${JSON.stringify(this.informer.state)}`);
    this.takeStates();
    this.takeNotifications();
  }

  /** The Store equals the cluster, and the notifications add up to it. */
  assertInSync(): void {
    const expected = this.server.collection.values().map(nameAndVersion).toSorted();
    assert.deepEqual(this.held, expected);
    assert.deepEqual(this.folded, expected);
  }

  /** Ends it, and checks that nothing of it goes on. */
  async finish(): Promise<void> {
    assert.deepEqual(this.violations, []);
    const told = this.notifications.length;
    this.subscriptions.dispose();
    await this.settle();
    assert.equal(this.notifications.length, told, 'something was told after the end');
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
    assert.equal(this.server.openExchanges, 0, 'an exchange is left open');
    assert.equal(this.server.openWatches, 0, 'a watch is left open');
  }
}

/** The body of a test that is given an informer, whose end leaves nothing behind. */
export function withInformer(
  body: (fixture: InformerFixture) => Promise<void>,
  options?: FixtureOptions,
): () => Promise<void> {
  return async () => {
    const fixture = new InformerFixture(options);
    try {
      await body(fixture);
    } catch (error) {
      fixture.subscriptions.dispose();
      throw error;
    }
    await fixture.finish();
  };
}
