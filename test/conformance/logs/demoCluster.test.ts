import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { seededRandom } from '../../../src/base/random';
import { readText } from '../../../src/base/readBody';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { listPods } from '../../../src/kube/listPods';
import { openPodLog } from '../../../src/kube/openPodLog';
import { accountForLines, type WrittenLine } from '../../support/accountForLines';
import { FakeClock } from '../../support/fakeClock';
import { FollowedLog } from '../../support/followedLog';

const ROUNDS = 60;

/** A way to a cluster whose streams can be cut. */
class CuttableFetch {
  readonly #inner: KubeFetch;
  #cut = Promise.withResolvers<'break' | 'end'>();
  isAway = false;

  constructor(inner: KubeFetch) {
    this.#inner = inner;
  }

  readonly fetch: KubeFetch = async (path, request) => {
    if (this.isAway) {
      throw new KubeTransportError('unreachable', 'refused');
    }
    const response = await this.#inner(path, request);
    return { ...response, body: cuttable(response.body, this.#cut.promise) };
  };

  cut(how: 'break' | 'end'): void {
    this.#cut.resolve(how);
    this.#cut = Promise.withResolvers();
  }
}

async function* cuttable(
  body: AsyncIterable<Uint8Array>,
  cut: Promise<'break' | 'end'>,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), cut]);
      if (next === 'break') {
        throw new KubeTransportError('closed', 'the connection was reset');
      }
      if (next === 'end' || next.done === true) {
        return;
      }
      yield next.value;
    }
  } finally {
    void chunks.return?.();
  }
}

describe('a log of the demo cluster', () => {
  for (const seed of [1, 2, 3]) {
    it(`is whole however often its connection is lost (${seed})`, async function () {
      this.timeout(30_000);
      const clock = new FakeClock();
      const random = seededRandom(seed);
      const demo = createDemoCluster({ clock, seed });
      demo.start();
      const way = new CuttableFetch(demo.fetch);
      const { signal } = new AbortController();
      const pods = await listPods(demo.fetch, 'argocd', signal);
      const pod = pods.find(({ phase }) => phase === 'Running') ?? assert.fail();
      const target = { namespace: pod.namespace, pod: pod.name, container: pod.containers[0] ?? '' };
      const followed = new FollowedLog({ fetch: way.fetch, target, clock, random, tailLines: 5 });
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          await clock.advance(Math.floor(random.next() * 8_000));
          way.isAway = random.next() < 0.2;
          way.cut(random.next() < 0.5 || way.isAway ? 'break' : 'end');
          await clock.advance(Math.floor(random.next() * 3_000));
          way.isAway = false;
          // A server that ends twice in a row what says nothing meanwhile looks like one whose container has ended.
          followed.log.restart();
        }
        await clock.advance(60_000);
        const body = await openPodLog(demo.fetch, { ...target, follow: false }, signal);
        const written = (await readText(body, 10_000_000))
          .split('\n')
          .slice(0, -1)
          .map((line): WrittenLine => {
            const end = line.indexOf(' ');
            return { time: line.slice(0, end), text: line.slice(end + 1) };
          });
        const rows = followed.rows();
        assert.ok(rows.length > 100, `${rows.length} lines`);
        assert.equal(accountForLines(written, rows), 0);
        assert.ok(rows.every(({ marker }) => marker === undefined));
        assert.equal(rows.at(-1)?.time, written.at(-1)?.time);
      } finally {
        followed.dispose();
        demo.dispose();
      }
    });
  }
});
