import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable';
import type { KubeObject } from '../../../src/base/kubeObject';
import type { Logger } from '../../../src/base/logger';
import type { Random } from '../../../src/base/random';
import type { InformerHandler } from '../../../src/informer/delivery';
import { Informer } from '../../../src/informer/informer';
import type { Problem } from '../../../src/protocol/problem';
import type { SourceState } from '../../../src/protocol/sourceState';
import { FakeClock } from '../../support/fakeClock';
import { FaultServer } from '../../support/faultServer/faultServer';

export interface FixtureOptions {
  /** What becomes of renewing the credentials; absent where they cannot be renewed. */
  readonly renewal?: 'works' | 'hangs';
  readonly random?: Random;
}

/** Half of every range: a first back-off of 400 ms, then 800, 1600 …; slow retries after 15 s. */
const MIDDLE: Random = { next: () => 0.5 };

/** An informer, the server that it follows, and everything that it said. */
export class InformerFixture {
  readonly server = new FaultServer();
  readonly clock = new FakeClock();
  readonly informer: Informer;
  /** Released at the end. */
  readonly subscriptions = new DisposableStore();
  /** e.g. `added a@1001`, `deleted a@1002 observed`. */
  readonly notifications: string[] = [];
  /** The notifications, added up. */
  readonly fold = new Map<string, KubeObject>();
  readonly states: SourceState[] = [];
  readonly problems: Problem[] = [];
  readonly logged: string[] = [];
  readonly violations: string[] = [];
  proofs = 0;
  renewals = 0;
  /** Runs inside each notification, after it was noted. */
  onNotification: (text: string) => void = () => {};

  constructor(options: FixtureOptions = {}) {
    const log = (message: string, cause?: unknown): void => {
      this.logged.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
    };
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    this.informer = new Informer({
      fetch: this.server.fetch,
      path: this.server.path,
      clock: this.clock,
      random: options.random ?? MIDDLE,
      logger,
      ...(options.renewal === undefined ? {} : { refreshCredentials: () => this.#renew(options.renewal) }),
    });
    const { informer, subscriptions } = this;
    subscriptions.add(informer);
    subscriptions.add(informer.addHandler(this.handler));
    subscriptions.add(informer.onStateChanged((state) => this.states.push(state)));
    subscriptions.add(informer.onProblem((problem) => this.problems.push(problem)));
    subscriptions.add(informer.onProof(() => (this.proofs += 1)));
  }

  readonly handler: InformerHandler = {
    added: (object) => {
      this.#check(!this.fold.has(object.metadata.name), `${object.metadata.name} was added twice`);
      this.fold.set(object.metadata.name, object);
      this.#note(`added ${nameAndVersion(object)}`);
    },
    updated: (before, after) => {
      this.#check(
        this.fold.get(after.metadata.name) === before,
        `${after.metadata.name} was updated from another state`,
      );
      this.fold.set(after.metadata.name, after);
      this.#note(`updated ${nameAndVersion(before)} → ${nameAndVersion(after)}`);
    },
    deleted: (last, how) => {
      this.#check(this.fold.delete(last.metadata.name), `${last.metadata.name} was deleted unheard of`);
      this.#note(`deleted ${nameAndVersion(last)} ${how}`);
    },
    replaced: () => {
      this.fold.clear();
      this.#note('replaced');
    },
  };

  /** Noted and checked at the end, since what a handler throws reaches the log alone. */
  #check(isRight: boolean, fault: string): void {
    if (!isRight) {
      this.violations.push(fault);
    }
  }

  #renew(renewal: 'works' | 'hangs' | undefined): Promise<void> {
    this.renewals += 1;
    return renewal === 'works' ? Promise.resolve() : new Promise(() => {});
  }

  #note(text: string): void {
    this.notifications.push(text);
    this.onNotification(text);
  }

  /** The types of the states since the last call. */
  takeStates(): string[] {
    return this.states.splice(0).map((state) => state.type);
  }

  takeNotifications(): string[] {
    return this.notifications.splice(0);
  }

  /** The present state, which has to be of this type. */
  expectState<Type extends SourceState['type']>(type: Type): Extract<SourceState, { type: Type }> {
    const { state } = this.informer;
    assert.ok(isOfType(state, type), `expected ${type}, not ${JSON.stringify(state)}`);
    return state;
  }

  get heldNames(): string[] {
    return [...this.informer.store.values()].map((object) => object.metadata.name);
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
    const expected = this.server.collection.values().map(nameAndVersion);
    assert.deepEqual([...this.informer.store.values()].map(nameAndVersion).toSorted(), expected.toSorted());
    assert.deepEqual([...this.fold.values()].map(nameAndVersion).toSorted(), expected.toSorted());
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

function isOfType<Type extends SourceState['type']>(
  state: SourceState,
  type: Type,
): state is Extract<SourceState, { type: Type }> {
  return state.type === type;
}

function nameAndVersion(object: KubeObject): string {
  return `${object.metadata.name}@${object.metadata.resourceVersion ?? '-'}`;
}
