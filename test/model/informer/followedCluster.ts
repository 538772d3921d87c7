import assert from 'node:assert/strict';
import { DisposableStore, type Disposable } from '../../../src/base/disposable';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import type { KubeObject } from '../../../src/base/kubeObject';
import type { Logger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { DemoFaults } from '../../../src/demo/faults/demoFaults';
import { JumpingClock } from '../../../src/demo/faults/jumpingClock';
import { Informer } from '../../../src/informer/informer';
import type { InitialState } from '../../../src/informer/initialState';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { FakeClock } from '../../support/fakeClock';
import { assertNothingLeft, beginTracking } from '../../support/leakTracker';
import { ClusterBehind } from './clusterBehind';
import { ExpectedCollection } from './expectedCollection';
import { FreshnessOracle } from './freshnessOracle';
import { ToldContent } from './toldContent';
import { Wire } from './wire';

/** What becomes of renewing the credentials. */
export type Renewal = 'works' | 'fails' | 'hangs';

/** In what kind of world a sequence of commands takes place. */
export interface Setup {
  readonly seed: number;
  readonly hasStory: boolean;
  /** Whether the informer follows only what carries a label. */
  readonly isSelective: boolean;
  readonly maxPage: number;
  readonly mayReadIdentity: boolean;
  readonly isVisible: boolean;
  readonly initialState: InitialState;
}

/** Long enough for every wait: a renewal that hangs, a slow retry, a back-off at its longest, a deaf watch given up. */
const QUIET_MS = 300_000;
const STEP_MS = 5_000;
/** How often it is looked whether the source may be called live. */
const LOOK_MS = 1_000;
const MAX_HANDLERS = 4;
/** Commands may give objects this label. */
export const FOLLOWED = 'followed';

/** An informer on a demo cluster, what lies between them, and everything that was wrong so far. */
export class FollowedCluster {
  readonly clock = new FakeClock();
  /** The informer's own, which jumps when the machine sleeps. */
  readonly informerClock = new JumpingClock(this.clock);
  readonly cluster: ClusterBehind;
  readonly faults: DemoFaults;
  readonly wire: Wire;
  readonly informer: Informer;
  readonly expected = new ExpectedCollection();
  readonly #setup: Setup;
  readonly #oracle = new FreshnessOracle(this.informerClock);
  readonly #violations: string[] = [];
  readonly #endTracking = beginTracking();
  readonly #owned = new DisposableStore();
  readonly #handlers: { readonly content: ToldContent; readonly subscription: Disposable }[] = [];
  /** Faults that last until all is well again. */
  readonly #lasting: Disposable[] = [];
  #silence: Disposable | undefined;
  #isFollowing = false;
  #stopsWhenTold = false;
  #hasFailedRenewal = false;
  #generation = 0;
  renewal: Renewal = 'works';
  /** Commands that were run. */
  operations = 0;

  constructor(setup: Setup) {
    this.#setup = setup;
    const { clock } = this;
    const labelSelector = setup.isSelective ? `${FOLLOWED}=yes` : '';
    this.cluster = new ClusterBehind({ ...setup, clock, labelSelector });
    this.faults = new DemoFaults({
      fetch: this.cluster.fetch,
      clock,
      random: seededRandom(setup.seed),
      compact: () => this.cluster.compact(),
    });
    this.wire = new Wire({
      fetch: this.faults.fetch,
      path: CLUSTER_PERSONA.path,
      onHeard: () => this.#oracle.heard(),
    });
    const ignore = (): void => {};
    const logger: Logger = {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (message) => {
        if (!message.startsWith('A handler failed')) {
          this.#violations.push(message);
        }
      },
    };
    const query = setup.isSelective ? `?labelSelector=${encodeURIComponent(labelSelector)}` : '';
    this.informer = new Informer({
      fetch: this.wire.fetch,
      path: `${CLUSTER_PERSONA.path}${query}`,
      clock: this.informerClock,
      random: seededRandom(setup.seed + 1),
      logger,
      initialState: setup.initialState,
      refreshCredentials: () => this.#renewCredentials(),
    });
    this.#owned.add(
      this.informer.addHandler({
        added: throwUp,
        updated: throwUp,
        deleted: throwUp,
        replaced: throwUp,
      }),
    );
    this.#owned.add(
      this.informer.onStateChanged(({ type }) => {
        if (!this.#isFollowing && type !== 'idle') {
          this.#violations.push(`state ${type} was told after stop`);
        }
      }),
    );
    this.#owned.add(this.informer.onProof(() => this.#mustFollow('proof')));
    this.join();
    this.join();
    this.setVisible(setup.isVisible);
  }

  /** To be called once before anything else. */
  async begin(): Promise<void> {
    this.expected.replace(await this.cluster.list());
    this.start();
  }

  /** Whether nothing is written but by commands, so that the model knows all that is there. */
  get canLoseEverything(): boolean {
    return !this.#setup.hasStory;
  }

  /**
   * Another cluster answers from now on. Only where an open watch breaks by it: between two watches nobody could tell if
   * nobody may read who answers.
   */
  async replaceCluster(): Promise<void> {
    if (this.faults.openWatchCount > 0) {
      this.faults.cutWatches('break');
      this.cluster.replace();
      this.expected.replace(await this.cluster.list());
    }
  }

  /**
   * The storage goes back to what it was at first. All is well before and a while after: once writes have passed the
   * version that was reached before, nobody could tell.
   */
  async restoreBackup(): Promise<void> {
    if (!this.#setup.hasStory) {
      await this.quieten();
      this.cluster.restore();
      this.expected.replace(await this.cluster.list());
      await this.quieten();
    }
  }

  start(): void {
    this.#isFollowing = true;
    this.informer.start();
  }

  /** Stops it, and checks that it leaves nothing open. */
  async stop(): Promise<void> {
    this.#isFollowing = false;
    this.informer.stop();
    await this.clock.settle();
    this.#checkNothingGoesOn();
  }

  /** The next notification is answered by stopping. */
  stopWhenTold(): void {
    this.#stopsWhenTold = true;
  }

  setVisible(isVisible: boolean): void {
    this.informer.setVisible(isVisible);
    this.#oracle.setVisible(isVisible);
  }

  /** Another handler comes. */
  join(): void {
    if (this.#handlers.length < MAX_HANDLERS) {
      const knowsReplaced = this.#handlers.length % 2 === 0;
      const content = new ToldContent(this.informer.store, { knowsReplaced }, (wrong) => this.#told(wrong));
      this.#handlers.push({ content, subscription: this.informer.addHandler(content.handler) });
    }
  }

  /** The handler that came last goes. */
  leave(): void {
    this.#handlers.pop()?.subscription.dispose();
  }

  /** The machine sleeps, as far as clocks can tell: timers stand still. What had come before was read before. */
  async sleep(ms: number): Promise<void> {
    await this.clock.advance(0);
    this.informerClock.jump(ms);
    this.#oracle.jumped();
  }

  setSilent(isSilent: boolean): void {
    if (isSilent) {
      this.#silence ??= this.faults.silence();
    } else {
      this.#silence?.dispose();
      this.#silence = undefined;
    }
  }

  /** A fault that goes on until it is used up, or all is well again. */
  during(fault: Disposable): void {
    this.#lasting.push(fault);
  }

  /** Time passes, and it is looked all the while whether the source may be called live. */
  async pass(ms: number, lookMs = LOOK_MS): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= lookMs) {
      await this.clock.advance(Math.min(leftMs, lookMs));
      const wrong = this.#oracle.judge(this.informer.state.type === 'live', this.#holdsWhatIsExpected());
      if (wrong !== undefined) {
        this.#violations.push(wrong);
      }
    }
    this.#check();
  }

  /** Everything works again and time passes; then all has to be right. */
  async quieten(): Promise<void> {
    this.setSilent(false);
    this.#lasting.splice(0).forEach((fault) => fault.dispose());
    this.wire.refusal = undefined;
    this.wire.breakages = 0;
    this.renewal = 'works';
    this.cluster.isAllowed = true;
    this.cluster.isInstalled = true;
    this.cluster.renewToken();
    this.expected.isInstalled = true;
    this.#stopsWhenTold = false;
    if (!this.#isFollowing) {
      this.start();
    }
    await this.pass(QUIET_MS, STEP_MS);
    if (this.informer.state.type === 'failed' && this.#hasFailedRenewal) {
      this.informer.retryNow();
      await this.pass(QUIET_MS, STEP_MS);
    }
    this.#hasFailedRenewal = false;
    assert.deepEqual(this.informer.state, { type: 'live' });
    await this.#checkContent();
  }

  /** Ends it, and checks that nothing of it goes on. */
  async finish(): Promise<void> {
    this.#isFollowing = false;
    this.#release();
    await this.clock.settle();
    this.#checkNothingGoesOn();
    this.faults.dispose();
    this.cluster.dispose();
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
    assertNothingLeft(this.#endTracking());
  }

  /** Ends it after a failure. */
  abandon(): void {
    this.#release();
    this.faults.dispose();
    this.cluster.dispose();
    this.#endTracking();
  }

  #release(): void {
    this.informer.dispose();
    this.#owned.dispose();
    this.#handlers.splice(0).forEach(({ subscription }) => subscription.dispose());
    this.#lasting.splice(0).forEach((fault) => fault.dispose());
    this.setSilent(false);
  }

  async #renewCredentials(): Promise<void> {
    this.#mustFollow('a renewal');
    switch (this.renewal) {
      case 'works':
        this.cluster.renewToken();
        return;
      case 'fails':
        this.#hasFailedRenewal = true;
        throw new KubeTransportError('credentials', 'nobody signed in');
      case 'hangs':
        this.#hasFailedRenewal = true;
        return new Promise(() => {});
      default:
        this.renewal satisfies never;
    }
  }

  #told(wrong: string | undefined): void {
    this.#mustFollow('a change');
    if (wrong !== undefined) {
      this.#violations.push(wrong);
    }
    if (this.#stopsWhenTold) {
      this.#stopsWhenTold = false;
      this.#isFollowing = false;
      this.informer.stop();
    }
  }

  #mustFollow(what: string): void {
    if (!this.#isFollowing) {
      this.#violations.push(`${what} was told after stop`);
    }
  }

  #holdsWhatIsExpected(): boolean {
    // A living fleet writes what the model does not hear of.
    return this.#setup.hasStory || this.#differsIn(this.#expectedObjects()) === undefined;
  }

  #expectedObjects(): readonly KubeObject[] {
    const objects = [...this.expected.objects.values()];
    return this.#setup.isSelective
      ? objects.filter(({ metadata }) => metadata.labels?.[FOLLOWED] === 'yes')
      : objects;
  }

  /** The name of an object that is not held as it should be. */
  #differsIn(objects: readonly KubeObject[]): string | undefined {
    const { store } = this.informer;
    const different = objects.find(
      ({ metadata }) => store.get(metadata.name)?.metadata.resourceVersion !== metadata.resourceVersion,
    );
    return different?.metadata.name ?? (store.size === objects.length ? undefined : 'something');
  }

  async #checkContent(): Promise<void> {
    const { store } = this.informer;
    const listed = await this.cluster.list();
    assert.deepEqual([...store.values()].toSorted(byName), listed.toSorted(byName));
    if (!this.#setup.hasStory) {
      assert.equal(
        this.#differsIn(this.#expectedObjects()),
        undefined,
        'the model is not what the cluster holds',
      );
    }
    for (const { content } of this.#handlers) {
      assert.equal(content.size, store.size, 'what was told does not add up to what is held');
      for (const object of store.values()) {
        assert.equal(content.get(object.metadata.name), object, `${object.metadata.name} was not told`);
      }
    }
  }

  #check(): void {
    const { generation, asOf } = this.informer;
    assert.ok(generation >= this.#generation, 'the generation went back');
    this.#generation = generation;
    assert.ok(this.informer.state.type !== 'live' || asOf !== undefined, 'live without a time');
    assert.deepEqual(this.#violations, []);
  }

  #checkNothingGoesOn(): void {
    this.#check();
    assert.equal(this.faults.openExchangeCount, 0, 'an exchange is left open');
    assert.equal(this.cluster.openBodyCount, 0, 'a body is left open');
    if (!this.#setup.hasStory) {
      assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
    }
  }
}

function throwUp(): never {
  throw new Error('a handler that fails');
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
