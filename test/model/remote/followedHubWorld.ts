import assert from 'node:assert/strict';
import type { Disposable } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import type { KubeObject } from '../../../src/base/kubeObject';
import { nullLogger } from '../../../src/base/logger';
import { Hub } from '../../../src/hub/hub';
import { ProblemError } from '../../../src/protocol/problem';
import type { RequestParams, RequestResult } from '../../../src/protocol/requests';
import type { SourceState } from '../../../src/protocol/sourceState';
import { HubFeed, type HubFeedHost } from '../../../src/remote/hubFeed';
import type { ConnectionState } from '../../../src/transport/connectionState';
import { FakeClock } from '../../support/fakeClock';
import { FaultServer } from '../../support/faultServer/faultServer';
import { ToldContent } from '../informer/toldContent';

const SOURCE = 's';
/** Of a source that somebody looks at, and of one that nobody does; a feed says so itself at these ages. */
const STALE_MS = { visible: 20_000, hidden: 90_000 };
/** Whoever begins to look waits this long for a younger proof. */
const GRACE_MS = 5_000;

function rethrow(error: unknown): never {
  throw error;
}

/** What the cluster held from one change to the next. */
interface Moment {
  readonly at: number;
  readonly content: string;
}

/** A cluster, a hub that follows it, and a feed that follows the hub, over a connection in the hands of the test. */
export class FollowedHubWorld implements HubFeedHost {
  readonly clock = new FakeClock();
  readonly cluster = new FaultServer();
  readonly feed: HubFeed;
  readonly onStateChanged;
  state: ConnectionState = { type: 'connecting' };
  operations = 0;
  /** Answers of the hub that are lost on the way. */
  losesAnswers = false;
  readonly #stateChanged = new Emitter<ConnectionState>(rethrow);
  readonly #told: ToldContent;
  readonly #violations: string[] = [];
  readonly #moments: Moment[] = [];
  readonly #goneUids = new Set<string>();
  #hub: Hub | undefined;
  #hubs = 0;
  #listening: Disposable | undefined;
  #connection = new AbortController();
  #isAsking = false;
  #isAskedAgain = false;
  #isVisible = false;
  #visibleSinceMs = Number.NEGATIVE_INFINITY;
  #isOver = false;
  #feedState: SourceState['type'] = 'idle';

  constructor() {
    this.onStateChanged = this.#stateChanged.event;
    this.feed = new HubFeed({ host: this, source: SOURCE, clock: this.clock, logger: nullLogger });
    this.#told = new ToldContent(this.feed.store, { knowsReplaced: true }, (violation) => {
      if (violation !== undefined) {
        this.#violations.push(violation);
      }
      if (this.#isOver) {
        this.#violations.push('something was told after the end');
      }
    });
    this.feed.onStateChanged(({ type }) => {
      this.#feedState = type;
    });
    this.feed.addHandler({
      ...this.#told.handler,
      deleted: (last, how) => {
        if (!this.#goneUids.has(last.metadata.uid ?? '')) {
          this.#violations.push(`${last.metadata.name} was told as deleted, and never was`);
        }
        this.#told.handler.deleted(last, how);
      },
    });
    this.#remember();
  }

  async begin(): Promise<void> {
    this.startHub();
    this.feed.start();
    await this.open();
  }

  ask(): void {
    this.#isAskedAgain = true;
    void this.#pull();
  }

  retryNow(): void {}

  missing(): void {}

  left(): void {}

  put(name: string, number: number): void {
    this.cluster.put(name, { spec: { number } });
    this.#remember();
  }

  delete(name: string): void {
    const held = this.cluster.collection.get(name);
    if (held !== undefined) {
      this.#goneUids.add(held.metadata.uid ?? '');
      this.cluster.delete(name);
      this.#remember();
    }
  }

  /** Another cluster answers at the same address. */
  replaceCluster(): void {
    for (const name of this.cluster.collection.names) {
      // Of the one before it nothing is deleted; what is written anew has other uids.
      this.cluster.collection.delete(name);
    }
    this.cluster.clusterUid = `${this.cluster.clusterUid}'`;
    this.cluster.collection.compact();
    this.cluster.cutWatches();
    this.#remember();
  }

  setVisible(isVisible: boolean): void {
    if (isVisible && !this.#isVisible) {
      this.#visibleSinceMs = this.clock.monotonic();
    }
    this.#isVisible = isVisible;
    this.feed.setVisible(isVisible);
  }

  async open(): Promise<void> {
    if (this.state.type !== 'open' && this.#hub !== undefined) {
      this.#connection = new AbortController();
      this.#change({ type: 'open', route: 'webSocket' });
      // What was missed is not known by whoever comes after a hub that began anew.
      this.feed.changed(true);
      await this.clock.advance(0);
    }
  }

  async cut(): Promise<void> {
    if (this.state.type === 'open') {
      this.#connection.abort(new ProblemError({ code: 'closed', detail: 'cut' }));
      const problem = { code: 'closed', detail: 'cut' } as const;
      this.#change({ type: 'reconnecting', attempt: 1, retryAt: this.clock.now() + 5_000, problem });
      await this.clock.advance(0);
    }
  }

  /** Another process: it has read nothing yet. */
  async restartHub(): Promise<void> {
    await this.cut();
    this.#endHub();
    this.startHub();
  }

  startHub(): void {
    // Each is another one among all that there ever were.
    this.#hubs += 1;
    const chance = 1 / (this.#hubs + 1);
    const hub = new Hub({ clock: this.clock, random: { next: () => chance }, logger: nullLogger });
    this.#hub = hub;
    this.#listening = hub.subscribe(['cluster.*.*', 'connection.*'], () => {
      if (this.state.type === 'open') {
        this.feed.changed(false);
      }
    });
    const open = () => Promise.resolve({ fetch: this.cluster.fetch, dispose: () => {} });
    hub.addSource({ id: SOURCE, kind: 'kubeconfig', label: SOURCE, open }).connect();
  }

  /** What has to hold at every moment. */
  check(): void {
    assert.deepEqual(this.#violations, []);
    assert.equal(this.#told.size, this.feed.store.size, 'what was told is not what is held');
    for (const object of this.feed.store.values()) {
      assert.equal(this.#told.get(object.metadata.name), object);
    }
    if (this.#feedState === 'live') {
      this.#checkLive();
    }
  }

  /** Everything is well again, and has time. */
  async quieten(): Promise<void> {
    this.cluster.isDown = false;
    this.cluster.isFrozen = false;
    this.losesAnswers = false;
    this.setVisible(true);
    await this.open();
    await this.clock.advance(180_000);
    this.check();
    assert.equal(this.#feedState, 'live');
    assert.equal(contentOf([...this.feed.store.values()]), contentOf(this.cluster.collection.values()));
  }

  async finish(): Promise<void> {
    this.feed.dispose();
    this.#isOver = true;
    this.put('after-the-end', 0);
    this.#endHub();
    await this.clock.advance(120_000);
    assert.deepEqual(this.#violations, []);
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
  }

  /** It was as it is held at some moment since `asOf`, and that is not too long ago. */
  #checkLive(): void {
    const { asOf } = this.feed;
    const now = this.clock.now();
    assert.ok(asOf !== undefined, 'live without a proof');
    const isGrace = this.clock.monotonic() - this.#visibleSinceMs < GRACE_MS;
    const limitMs = this.#isVisible && !isGrace ? STALE_MS.visible : STALE_MS.hidden;
    assert.ok(now - asOf <= limitMs, `live, and ${now - asOf} ms old`);
    const content = contentOf([...this.feed.store.values()]);
    const wasSo = this.#moments.some(
      ({ at, content: then }, index) =>
        then === content && at <= now && (this.#moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= asOf,
    );
    assert.ok(wasSo, `live as of ${now - asOf} ms ago, with what the cluster did not hold since`);
  }

  #change(state: ConnectionState): void {
    this.state = state;
    this.#stateChanged.fire(state);
  }

  async #pull(): Promise<void> {
    if (this.#isAsking) {
      return;
    }
    this.#isAsking = true;
    while (this.#isAskedAgain && this.state.type === 'open') {
      this.#isAskedAgain = false;
      const hasMore = await this.feed.pull(
        (params, signal) => this.#answer(params, signal),
        this.#connection.signal,
      );
      this.#isAskedAgain ||= hasMore;
    }
    this.#isAsking = false;
  }

  async #answer(
    params: RequestParams<'clusters.objects'>,
    signal: AbortSignal,
  ): Promise<RequestResult<'clusters.objects'>> {
    // Pages are small, so that there are several.
    const answer = this.#hub?.listObjects({ ...params, limit: 2 });
    await Promise.resolve();
    signal.throwIfAborted();
    if (answer === undefined || this.losesAnswers) {
      throw new ProblemError({ code: 'serverError', detail: 'lost' });
    }
    return structuredClone(answer);
  }

  #endHub(): void {
    this.#listening?.dispose();
    this.#hub?.dispose();
    this.#hub = undefined;
  }

  #remember(): void {
    this.#moments.push({
      at: this.clock.now(),
      content: contentOf(this.cluster.collection.values()),
    });
  }
}

function contentOf(objects: readonly KubeObject[]): string {
  return objects
    .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
    .toSorted()
    .join('\n');
}
