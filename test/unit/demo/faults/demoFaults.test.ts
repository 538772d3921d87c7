import assert from 'node:assert/strict';
import { readText } from '../../../../src/base/readBody';
import { seededRandom } from '../../../../src/base/random';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { DemoFaults } from '../../../../src/demo/faults/demoFaults';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText, PERSONAS_PATH, StreamReader } from '../demoReader';

const WATCH = `${PERSONAS_PATH}?watch=1`;
/** In this time the story of the fleet brings several changes. */
const A_WHILE_MS = 30_000;

describe('The fault knobs', () => {
  let clock: FakeClock;
  let cluster: DemoCluster;
  let faults: DemoFaults;

  beforeEach(() => {
    clock = new FakeClock();
    cluster = createDemoCluster({ clock, seed: 1 });
    faults = new DemoFaults({
      fetch: cluster.fetch,
      clock,
      random: seededRandom(1),
      compact: () => cluster.compact(),
    });
  });

  afterEach(async () => {
    faults.dispose();
    await clock.settle();
    assert.equal(cluster.openBodyCount, 0, 'the server below is told that nobody reads any more');
    assert.equal(faults.openExchangeCount, 0);
    cluster.dispose();
  });

  trackLeaks();

  /** A watch that has got what there is. */
  async function watch(path = WATCH): Promise<StreamReader> {
    const reader = new StreamReader(faults.fetch, path);
    await clock.settle();
    return reader;
  }

  async function resumingPath(): Promise<string> {
    const { metadata } = await getJson(cluster.fetch, PERSONAS_PATH);
    return `${WATCH}&resourceVersion=${metadata.resourceVersion}`;
  }

  async function status(path = '/version'): Promise<number> {
    return (await getText(faults.fetch, path)).status;
  }

  it('let everything through as long as none is turned', async () => {
    assert.deepEqual(await getText(faults.fetch, PERSONAS_PATH), await getText(cluster.fetch, PERSONAS_PATH));
    const played = await watch();
    const plain = new StreamReader(cluster.fetch, WATCH);
    cluster.start();
    await clock.advance(A_WHILE_MS);
    assert.ok(plain.lines.length > 12);
    assert.deepEqual(played.lines, plain.lines);
    plain.abort(new Error('enough'));
  });

  it('hand on that a reader leaves or aborts', async () => {
    const reader = await watch();
    const response = await faults.fetch(PERSONAS_PATH);
    assert.equal(cluster.openBodyCount, 2);
    for await (const _ of response.body) {
      break;
    }
    assert.equal(cluster.openBodyCount, 1);
    const reason = new Error('enough');
    reader.abort(reason);
    await clock.settle();
    assert.deepEqual(reader.end, { type: 'failed', error: reason });
    assert.equal(faults.openWatchCount, 0);
  });

  it('leave nothing open of a request that is given up at any moment', async () => {
    for (let turns = 0; turns < 20; turns += 1) {
      const abort = new AbortController();
      const answered = faults.fetch(PERSONAS_PATH, { signal: abort.signal }).catch(() => {});
      for (let turn = 0; turn < turns; turn += 1) {
        await Promise.resolve();
      }
      abort.abort(new Error('enough'));
      await answered;
      assert.equal(faults.openExchangeCount, 0, `after ${turns} turns`);
      assert.equal(cluster.openBodyCount, 0, `after ${turns} turns`);
    }
  });

  describe('latency', () => {
    it('delays answers within its bounds, until it is disposed', async () => {
      const slow = faults.slowDown({ minMs: 100, maxMs: 200 });
      const answered = status();
      await clock.settle();
      const dueMs = clock.nextTimerInMs ?? 0;
      assert.ok(dueMs >= 100 && dueMs < 200, `${dueMs}`);
      await clock.advance(200);
      assert.equal(await answered, 200);
      slow.dispose();
      assert.equal(await status(), 200);
    });

    it('ends with the request that is aborted', async () => {
      const slow = faults.slowDown({ minMs: 100, maxMs: 200 });
      const abort = new AbortController();
      const answered = faults.fetch('/version', { signal: abort.signal });
      await clock.settle();
      abort.abort(new Error('enough'));
      await assert.rejects(answered, /enough/);
      assert.equal(clock.pendingTimers, 0);
      slow.dispose();
    });
  });

  it('end every open watch cleanly, and nothing else', async () => {
    const [one, other] = [await watch(), await watch()];
    const list = await faults.fetch(PERSONAS_PATH);
    assert.equal(faults.cutWatches('end'), 2);
    await clock.settle();
    assert.deepEqual([one.end, other.end], [{ type: 'clean' }, { type: 'clean' }]);
    assert.equal(JSON.parse(await readText(list.body, 1_000_000)).items.length, 12);
  });

  it('break every open watch off', async () => {
    const reader = await watch();
    assert.equal(faults.cutWatches('break'), 1);
    await clock.settle();
    assert.ok(reader.end?.type === 'failed' && reader.end.error instanceof Error);
    assert.equal(reader.end.error.name, 'KubeTransportError');
  });

  it('tell open watches that they have expired, and end them', async () => {
    const reader = await watch();
    const before = reader.lines.length;
    assert.equal(faults.expireWatches(), 1);
    await clock.settle();
    const [event, ...more] = reader.events.slice(before);
    assert.deepEqual([event?.type, event?.object.code, event?.object.reason], ['ERROR', 410, 'Expired']);
    assert.deepEqual([more, reader.end], [[], { type: 'clean' }]);
  });

  it('answer 410 to what goes on from a revision, and to nothing else', async () => {
    const { metadata } = await getJson(cluster.fetch, `${PERSONAS_PATH}?limit=5`);
    const page = `${PERSONAS_PATH}?limit=5&continue=${metadata.continue}`;
    const expiring = faults.expireNext(2);
    assert.equal(await status(PERSONAS_PATH), 200);
    assert.equal(await status(page), 410);
    assert.equal(await status(await resumingPath()), 410);
    assert.equal(await status(page), 200);
    expiring.dispose();
  });

  it('answer 429 with Retry-After, and 500, to so many requests', async () => {
    const throttling = faults.throttleNext(1, 7);
    const failing = faults.failNext(2);
    const throttled = await faults.fetch('/version');
    assert.deepEqual([throttled.status, throttled.header('Retry-After')], [429, '7']);
    assert.equal(await readText(throttled.body, 1000), 'Too many requests, please try again later.\n');
    const failed = await getJson(faults.fetch, '/version');
    assert.deepEqual([failed.kind, failed.code, failed.reason], ['Status', 500, 'InternalError']);
    assert.deepEqual([await status(), await status()], [500, 200]);
    throttling.dispose();
    failing.dispose();
  });

  it('stop refusing when they are disposed, however many are left', async () => {
    const failing = faults.failNext(5);
    assert.equal(await status(), 500);
    failing.dispose();
    assert.equal(await status(), 200);
  });

  it('write a line of garbage between the events of open watches', async () => {
    const reader = await watch(await resumingPath());
    assert.equal(faults.garble('line'), 1);
    cluster.start();
    await clock.advance(A_WHILE_MS);
    const [garbage = '', ...events] = reader.lines;
    assert.throws(() => JSON.parse(garbage));
    assert.ok(events.length > 1);
    assert.doesNotThrow(() => events.forEach((event) => JSON.parse(event)));
  });

  it('write half a line, which spoils the event after it alone', async () => {
    const reader = await watch(await resumingPath());
    faults.garble('halfLine');
    cluster.start();
    await clock.advance(A_WHILE_MS);
    const [spoiled = '', ...events] = reader.lines;
    assert.match(spoiled, /obj\{"type":"MODIFIED"/);
    assert.ok(events.length > 1);
    assert.doesNotThrow(() => events.forEach((event) => JSON.parse(event)));
  });

  describe('silence', () => {
    it('keeps streams and answers back, and loses nothing', async () => {
      const plain = new StreamReader(cluster.fetch, WATCH);
      const reader = await watch();
      const silences = [faults.silence(), faults.silence()];
      const heard = reader.lines.length;
      cluster.start();
      let isAnswered = false;
      const answered = status().then((code) => {
        isAnswered = true;
        return code;
      });
      await clock.advance(A_WHILE_MS);
      silences[0]?.dispose();
      await clock.advance(A_WHILE_MS);
      assert.ok(plain.lines.length > heard);
      assert.deepEqual([reader.lines.length, isAnswered], [heard, false]);
      silences[1]?.dispose();
      assert.equal(await answered, 200);
      await clock.settle();
      assert.deepEqual(reader.lines, plain.lines);
      plain.abort(new Error('enough'));
    });

    it('does not keep those who abort', async () => {
      const silence = faults.silence();
      const abort = new AbortController();
      const answered = faults.fetch('/version', { signal: abort.signal });
      const reader = await watch();
      abort.abort(new Error('enough'));
      reader.abort(new Error('enough, too'));
      await assert.rejects(answered, /enough/);
      await clock.settle();
      assert.equal(reader.end?.type, 'failed');
      silence.dispose();
    });

    it('does not keep watches that are cut', async () => {
      const reader = await watch();
      const silence = faults.silence();
      faults.cutWatches('break');
      await clock.settle();
      assert.equal(reader.end?.type, 'failed');
      silence.dispose();
    });
  });

  it('deny everything new, but leave open watches alone, until it is allowed again', async () => {
    const reader = await watch();
    const heard = reader.lines.length;
    const denial = faults.deny();
    const refused = await getJson(faults.fetch, PERSONAS_PATH);
    assert.deepEqual([refused.kind, refused.code, refused.reason], ['Status', 403, 'Forbidden']);
    cluster.start();
    await clock.advance(A_WHILE_MS);
    assert.ok(reader.lines.length > heard);
    denial.dispose();
    assert.equal(await status(PERSONAS_PATH), 200);
  });

  it('drop the history, so that a watch from before is told 410', async () => {
    const path = await resumingPath();
    cluster.start();
    await clock.advance(A_WHILE_MS);
    assert.notEqual((await watch(path)).events[0]?.type, 'ERROR');
    assert.equal(faults.compact(), true);
    assert.equal((await watch(path)).events[0]?.object.code, 410);
    const now = await watch(await resumingPath());
    await clock.advance(A_WHILE_MS);
    assert.equal(now.events[0]?.type, 'MODIFIED');
  });

  it('break everything off when they are disposed', async () => {
    const silence = faults.silence();
    const waiting = faults.fetch('/version');
    silence.dispose();
    await (await waiting).body[Symbol.asyncIterator]().return?.();
    const reader = await watch();
    const slow = faults.slowDown({ minMs: 1000, maxMs: 1000 });
    const answered = faults.fetch('/version');
    await clock.settle();
    faults.dispose();
    await assert.rejects(answered, { code: 'closed' });
    await assert.rejects(faults.fetch('/version'), { code: 'closed' });
    await clock.settle();
    assert.equal(reader.end?.type, 'failed');
    slow.dispose();
  });
});
