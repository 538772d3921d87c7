import assert from 'node:assert/strict';
import type { LogState } from '../../../../src/protocol/podLog';
import { REQUEST_DEADLINE_MS } from '../../../../src/client/pendingRequests';
import { LogFollower } from '../../../../webview/realtime/logFollower';
import { trackLeaks } from '../../../support/leakTracker';
import type { FakeClock } from '../../../support/fakeClock';
import { makeOpenClient, type ScriptedHost } from '../scriptedHost';
import type { HubClient } from '../../../../src/client/hubClient';
import type { Disposable } from '../../../../src/base/disposable';

const WINDOW_LINES = 2_000;
const target = { source: 's', namespace: 'n', pod: 'p' };

/** A host that holds one log and answers for it. */
class LogHost {
  readonly #host: ScriptedHost;
  readonly #answered = new Set<number>();
  first = 0;
  next = 0;
  state: LogState = { type: 'following' };
  stream = '1';
  isForgotten = false;

  constructor(host: ScriptedHost) {
    this.#host = host;
  }

  /** Answers what has been asked, and what that leads to. */
  async serve(clock: FakeClock): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      await clock.settle();
      const open = this.#host.requests().filter(({ id }) => !this.#answered.has(id));
      if (open.length === 0) {
        return;
      }
      open.forEach((request) => {
        this.#answered.add(request.id);
        this.#answer(request.id, request.method, request.params);
      });
    }
    assert.fail('it never stops asking');
  }

  append(count: number): void {
    this.next += count;
    this.announce();
  }

  announce(): void {
    this.#host.event('log.appended', {
      source: 's',
      stream: this.stream,
      first: this.first,
      next: this.next,
    });
  }

  #answer(id: number, method: string, params: unknown): void {
    if (method === 'logs.open') {
      this.#host.respond(id, { stream: this.stream });
    } else if (method === 'logs.close') {
      this.#host.respond(id, {});
    } else if (this.isForgotten) {
      this.isForgotten = false;
      this.stream = '2';
      this.#host.deliver({ type: 'error', id, problem: { code: 'closed', detail: 'not open' } });
    } else {
      const { from, limit } = readParams(params);
      const start = Math.max(from, this.first);
      const end = Math.min(this.next, start + limit);
      const lines = Array.from({ length: Math.max(0, end - start) }, (_, index) => ({
        seq: start + index,
        text: `line ${start + index}`,
      }));
      this.#host.respond(id, { lines, first: this.first, next: this.next, state: this.state });
    }
  }
}

function readParams(params: unknown): { from: number; limit: number } {
  assert.ok(typeof params === 'object' && params !== null && 'from' in params && 'limit' in params);
  return { from: Number(params.from), limit: Number(params.limit) };
}

describe('LogFollower', () => {
  trackLeaks();

  // Nested, so that its hooks release things before the tracker looks.
  describe('on one container', () => {
    let host: ScriptedHost;
    let clock: FakeClock;
    let client: HubClient;
    let log: LogHost;
    let follower: LogFollower;
    let following: Disposable;
    let windowLines: number;

    beforeEach(() => {
      ({ host, clock, client } = makeOpenClient());
      log = new LogHost(host);
      follower = new LogFollower(client, () => windowLines);
      windowLines = WINDOW_LINES;
    });

    afterEach('clean up', () => {
      following.dispose();
      client.dispose();
    });

    async function follow(): Promise<void> {
      following = follower.follow(target);
      await log.serve(clock);
    }

    function shown(): [number | undefined, number | undefined, number] {
      const { lines } = follower.snapshot();
      return [lines[0]?.seq, lines.at(-1)?.seq, lines.length];
    }

    it('shows what is there and what comes, asking only for what is new', async () => {
      log.next = 10;
      await follow();
      assert.deepEqual(shown(), [0, 9, 10]);
      log.append(5);
      await log.serve(clock);
      assert.deepEqual(shown(), [0, 14, 15]);
      assert.equal(readParams(host.lastRequest('logs.read').params).from, 10);
      assert.equal(follower.snapshot().state.type, 'following');
    });

    it('holds a bounded window of a long log, and does not read what would leave it at once', async () => {
      log.next = 100_000;
      await follow();
      assert.deepEqual(shown(), [98_000, 99_999, WINDOW_LINES]);
      assert.ok(host.requests('logs.read').length <= 4);
    });

    it('stays where it is while not following, and counts what it misses', async () => {
      log.next = 10;
      await follow();
      follower.setFollowing(false);
      log.append(3_000);
      await log.serve(clock);
      assert.deepEqual(shown(), [0, 9, 10]);
      assert.equal(follower.snapshot().unread, 3_000);
      follower.setFollowing(true);
      await log.serve(clock);
      assert.equal(follower.snapshot().lines.at(-1)?.seq, 3_009);
      assert.equal(follower.snapshot().unread, 0);
    });

    it('learns the state of the stream also while not following', async () => {
      log.next = 10;
      await follow();
      follower.setFollowing(false);
      log.state = { type: 'ended' };
      log.announce();
      await log.serve(clock);
      assert.equal(follower.snapshot().state.type, 'ended');
    });

    it('moves back over what the host still holds', async () => {
      log.first = 500;
      log.next = 5_000;
      await follow();
      assert.deepEqual(shown(), [3_000, 4_999, 2_000]);
      const older = follower.loadOlder();
      await log.serve(clock);
      await older;
      assert.deepEqual(shown(), [2_000, 3_999, 2_000]);
      assert.equal(follower.snapshot().unread, 1_000);
      assert.equal(follower.snapshot().isFollowing, false);
    });

    it('moves back by half of a window that is small, so that the reader finds their place again', async () => {
      windowLines = 100;
      log.next = 1_000;
      await follow();
      assert.deepEqual(shown(), [900, 999, 100]);
      const older = follower.loadOlder();
      await log.serve(clock);
      await older;
      assert.deepEqual(shown(), [850, 949, 100]);
    });

    it('gives up what is furthest from the reader when the window becomes smaller', async () => {
      log.next = 100;
      await follow();
      windowLines = 40;
      follower.trim();
      assert.deepEqual(shown(), [60, 99, 40]);
      follower.setFollowing(false);
      windowLines = 10;
      follower.trim();
      assert.deepEqual(shown(), [60, 69, 10]);
      assert.equal(follower.snapshot().unread, 30);
    });

    it('leaves a gap where the host let lines go before they could be read', async () => {
      log.next = 10;
      await follow();
      log.first = 50;
      log.append(90);
      await log.serve(clock);
      assert.deepEqual(
        follower
          .snapshot()
          .lines.slice(9, 11)
          .map(({ seq }) => seq),
        [9, 50],
      );
    });

    it('opens the log again when the host has forgotten it', async () => {
      log.next = 10;
      await follow();
      log.isForgotten = true;
      host.deliver({ type: 'recovered', ok: false, reset: true });
      await log.serve(clock);
      assert.equal(host.requests('logs.open').length, 2);
      log.append(1);
      await log.serve(clock);
      assert.deepEqual(shown(), [0, 10, 11]);
    });

    it('leaves no stream behind at the host, whatever ended a read', async () => {
      log.next = 10;
      await follow();
      log.isForgotten = true;
      log.announce();
      await log.serve(clock);
      assert.deepEqual(
        host.requests('logs.close').map(({ params }) => params),
        [{ stream: '1' }],
      );
      log.append(1);
      await clock.advance(REQUEST_DEADLINE_MS);
      const { state } = follower.snapshot();
      assert.equal(state.type === 'failed' && state.problem.code, 'internal');
      assert.equal(host.requests('logs.open').length, 2);
      follower.reopen();
      assert.deepEqual(
        host.requests('logs.close').map(({ params }) => params),
        [{ stream: '1' }, { stream: '2' }],
      );
      await log.serve(clock);
    });

    it('keeps what was read while a stream opened again has nothing, and goes on by itself when it has', async () => {
      log.next = 10;
      await follow();
      log.stream = '2';
      log.next = 0;
      log.state = { type: 'failed', problem: { code: 'closed', detail: 'not connected' }, retryAt: 1 };
      follower.reopen();
      await log.serve(clock);
      assert.deepEqual(shown(), [0, 9, 10]);
      assert.equal(follower.snapshot().state.type, 'failed');
      log.state = { type: 'following' };
      log.append(3);
      await log.serve(clock);
      assert.deepEqual(shown(), [0, 2, 3]);
      assert.equal(follower.snapshot().state.type, 'following');
    });

    it('says why a log cannot be opened, and tries again when told to', async () => {
      following = follower.follow(target);
      host.deliver({
        type: 'error',
        id: host.lastRequest('logs.open').id,
        problem: { code: 'forbidden', detail: 'get pods/log' },
      });
      await clock.settle();
      const { state } = follower.snapshot();
      assert.equal(state.type === 'failed' && state.problem.code, 'forbidden');
      follower.reopen();
      assert.equal(follower.snapshot().state.type, 'connecting');
      assert.equal(host.requests('logs.open').length, 2);
    });

    it('closes one stream before it follows another container', async () => {
      await follow();
      following.dispose();
      log.stream = '2';
      following = follower.follow({ ...target, pod: 'q' });
      await log.serve(clock);
      assert.deepEqual(host.lastRequest('logs.close').params, { stream: '1' });
      assert.equal(follower.snapshot().lines.length, 0);
    });

    it('closes a stream that it no longer wants when it is opened at last', async () => {
      following = follower.follow(target);
      following.dispose();
      assert.equal(host.requests('logs.close').length, 0);
      await log.serve(clock);
      assert.deepEqual(host.lastRequest('logs.close').params, { stream: '1' });
      assert.equal(host.ofType('subscribe').length, 0);
    });
  });
});
