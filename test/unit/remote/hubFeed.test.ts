import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { ProblemError } from '../../../src/protocol/problem';
import type { RequestParams, RequestResult } from '../../../src/protocol/requests';
import type { SourceState } from '../../../src/protocol/sourceState';
import { HubFeed, type HubFeedHost } from '../../../src/remote/hubFeed';
import type { ConnectionState } from '../../../src/transport/connectionState';
import { FakeClock } from '../../support/fakeClock';

function rethrow(error: unknown): never {
  throw error;
}

type Answer = RequestResult<'clusters.objects'>;

/** How much the hub's clock is ahead. */
const AHEAD_MS = 3_600_000;

function object(name: string, resourceVersion = '1') {
  return { metadata: { name, uid: `uid of ${name}`, resourceVersion } };
}

/** A connection in the hands of a test, and a hub that answers what it is told to. */
class ScriptedHost implements HubFeedHost {
  readonly clock = new FakeClock();
  readonly #stateChanged = new Emitter<ConnectionState>(rethrow);
  readonly onStateChanged = this.#stateChanged.event;
  readonly asked: RequestParams<'clusters.objects'>[] = [];
  readonly told: string[] = [];
  readonly feed: HubFeed;
  state: ConnectionState = { type: 'connecting' };
  answer: () => Answer = () => this.live();
  missed = 0;

  constructor() {
    this.feed = new HubFeed({ host: this, source: 's', clock: this.clock, logger: nullLogger });
    this.feed.addHandler({
      added: ({ metadata }, how) => this.told.push(`added ${metadata.name} ${how}`),
      updated: (_, { metadata }, how) => this.told.push(`updated ${metadata.name} ${how}`),
      deleted: ({ metadata }, how) => this.told.push(`deleted ${metadata.name} ${how}`),
      replaced: () => this.told.push('replaced'),
    });
    this.feed.onStateChanged((state) => this.told.push(state.type));
  }

  change(state: ConnectionState): void {
    this.state = state;
    this.#stateChanged.fire(state);
  }

  async open(): Promise<void> {
    this.change({ type: 'open', route: 'webSocket' });
    await this.clock.advance(0);
  }

  async lose(): Promise<void> {
    const problem = { code: 'closed', detail: 'lost' } as const;
    this.change({ type: 'reconnecting', attempt: 1, retryAt: this.clock.now() + 5_000, problem });
    await this.clock.advance(0);
  }

  ask(feed: HubFeed): void {
    void feed.pull((params) => {
      this.asked.push(params);
      return Promise.resolve(this.answer());
    }, new AbortController().signal);
  }

  retryNow(): void {}

  missing(): void {
    this.missed += 1;
  }

  left(): void {}

  take(): string[] {
    return this.told.splice(0);
  }

  live(fields: Partial<Answer> = {}, ageMs = 0, state: SourceState = { type: 'live' }): Answer {
    const now = this.clock.now() + AHEAD_MS;
    return {
      objects: [],
      removed: [],
      version: 'v1',
      reset: false,
      isRead: true,
      now,
      status: { source: 's', kind: 'kubeconfig', label: 's', state, asOf: now - ageMs, count: 0 },
      ...fields,
    };
  }
}

describe('What a hub is followed by', () => {
  let host: ScriptedHost;

  beforeEach(async () => {
    host = new ScriptedHost();
    host.answer = () =>
      host.live({ reset: true, objects: [object('a'), object('b')], cluster: 'one' }, 2_000);
    host.feed.start();
    await host.open();
  });

  afterEach(() => {
    host.feed.dispose();
    assert.equal(host.clock.pendingTimers, 0);
  });

  it('is live only once all that the hub holds is held, and as old as the hub says, by this clock', () => {
    assert.deepEqual(host.take(), ['connecting', 'added a inferred', 'added b inferred', 'live']);
    assert.equal(host.feed.asOf, host.clock.now() - 2_000);
    assert.equal(host.feed.generation, 1);
  });

  it('asks for what changed since, and tells it as observed', async () => {
    host.take();
    host.answer = () => host.live({ objects: [object('a', '2')], removed: ['b', 'never heard of'] });
    host.feed.changed(false);
    await host.clock.advance(0);
    assert.equal(host.asked.at(-1)?.since, 'v1');
    assert.deepEqual(host.take(), ['deleted b observed', 'updated a observed']);
    assert.equal(host.feed.generation, 1);
  });

  it('is not live while there is no connection, keeps what it has, and infers afterwards what happened', async () => {
    host.take();
    await host.lose();
    assert.deepEqual(host.take(), ['reconnecting']);
    assert.equal(host.feed.store.size, 2);
    host.answer = () => host.live({ removed: ['a'] });
    await host.open();
    assert.deepEqual(host.take(), ['stale', 'deleted a inferred', 'live']);
    assert.equal(host.feed.generation, 2);
  });

  it('takes nothing for deleted while a hub that began anew has not read its cluster', async () => {
    await host.lose();
    host.take();
    host.answer = () => host.live({ reset: true, isRead: false }, 0, { type: 'syncing', loaded: 0 });
    await host.open();
    assert.deepEqual(host.take(), ['stale']);
    assert.equal(host.feed.store.size, 2);
    host.answer = () => host.live({ reset: true, objects: [object('b')] });
    host.feed.changed(false);
    await host.clock.advance(0);
    assert.equal(host.asked.at(-1)?.since, undefined);
    assert.deepEqual(host.take(), ['deleted a inferred', 'live']);
  });

  it('is forbidden while the hub does not let this user see it, keeps what it has, and infers what happened', async () => {
    host.take();
    host.answer = () => {
      throw new ProblemError({ code: 'forbidden', detail: 'User "jane" cannot list' });
    };
    host.feed.changed(false);
    await host.clock.advance(0);
    assert.deepEqual(host.take(), ['forbidden']);
    assert.equal(host.feed.store.size, 2);
    host.answer = () => host.live({ objects: [object('a', '2')] });
    host.feed.changed(false);
    await host.clock.advance(0);
    assert.deepEqual(host.take(), ['updated a inferred', 'live']);
  });

  it('drops what it holds where another cluster answers, and calls none of it deleted', async () => {
    host.take();
    host.answer = () => host.live({ reset: true, objects: [object('a')], cluster: 'two' });
    host.feed.changed(true);
    await host.clock.advance(0);
    assert.deepEqual(host.take(), ['replaced', 'added a inferred']);
  });

  it('is stale when the hub is silent for too long, having been asked before that', async () => {
    host.feed.setVisible(true);
    await host.clock.advance(0);
    host.take();
    const asked = host.asked.length;
    const frozen = host.live({}, 2_000);
    host.answer = () => frozen;
    await host.clock.advance(17_000);
    assert.deepEqual(host.take(), []);
    assert.ok(host.asked.length > asked);
    assert.equal(host.asked.at(-1)?.isLooking, true);
    await host.clock.advance(4_000);
    assert.deepEqual(host.take(), ['stale']);
  });

  it('is stale when nothing proves it any more, though the wall clock was set back meanwhile', async () => {
    host.feed.setVisible(true);
    await host.clock.advance(0);
    const frozen = host.live({}, 2_000);
    host.answer = () => frozen;
    host.take();
    host.clock.jumpWall(-3_600_000);
    const asked = host.asked.length;
    assert.equal(host.feed.asOf, host.clock.now() - 2_000, 'as old as it is, and not of the future');
    await host.clock.advance(17_000);
    assert.deepEqual(host.take(), []);
    assert.ok(host.asked.length > asked);
    await host.clock.advance(4_000);
    assert.deepEqual(host.take(), ['stale']);
    assert.equal(host.feed.asOf, host.clock.now() - 23_000);
    host.answer = () => host.live({}, 1_000);
    await host.clock.advance(5_000);
    assert.deepEqual(host.take(), ['live']);
    assert.ok((host.feed.asOf ?? 0) < host.clock.now() - 999, 'the proof of now counts, by the clock of now');
  });

  it('stays live while proofs come, however the wall clock is set', async () => {
    host.take();
    for (const jumpMs of [-3_600_000, 7_200_000, -60_000]) {
      host.answer = () => host.live({}, 1_000);
      host.clock.jumpWall(jumpMs);
      host.feed.changed(false);
      await host.clock.advance(0);
      assert.equal(host.feed.asOf, host.clock.now() - 1_000);
      await host.clock.advance(30_000);
    }
    assert.deepEqual(host.take(), []);
  });

  it('says of a hub that cannot follow its cluster that this is the hub’s trouble', async () => {
    const problem = { code: 'unauthorized', detail: 'HTTP 401' } as const;
    const states: SourceState[] = [];
    host.feed.onStateChanged((state) => states.push(state));
    host.answer = () =>
      host.live({}, 9_000, { type: 'unauthorized', retryAt: host.clock.now() + AHEAD_MS + 60_000, problem });
    host.feed.changed(false);
    await host.clock.advance(0);
    assert.deepEqual(states, [
      {
        type: 'reconnecting',
        attempt: 1,
        retryAt: host.clock.now() + 60_000,
        problem: { code: 'upstream', detail: 'unauthorized: HTTP 401' },
      },
    ]);
  });
});
