import assert from 'node:assert/strict';
import { unsharedBytes } from '../../../src/logs/allocateBytes';
import type { ChunkScanner } from '../../../src/logs/chunkScanner';
import { logQuery } from '../../../src/logs/logQuery';
import { MergeOrder } from '../../../src/logs/mergeOrder';
import { QueryRows, type QueriedStream } from '../../../src/logs/queryRows';
import { StreamStore } from '../../../src/logs/streamStore';
import { FakeClock } from '../../support/fakeClock';
import { encode } from './heldText';

describe('the lines that a query asks for', () => {
  it('are not waited for, nor held, once they were let go', () => {
    const clock = new FakeClock();
    let query: QueryRows | undefined;
    const store: StreamStore = new StreamStore({
      order: new MergeOrder(),
      clock,
      allocate: unsharedBytes,
      onLetGo: (chunk) => query?.letGo(stream, chunk),
    });
    const stream: QueriedStream = { index: 0, pod: 'a', container: 'main', store };
    store.append(encode(`${'x'.repeat(999)}\n`.repeat(10_000)));
    // Never answers: it cannot keep up.
    const scanner: ChunkScanner = {
      allocate: unsharedBytes,
      scan: () => new Promise(() => undefined),
      marks: () => Promise.resolve([]),
      dispose: () => undefined,
    };
    query = new QueryRows(
      {
        query: logQuery({ include: [{ text: 'x' }] }),
        scanner,
        clock,
        keyOf: (_, line) => store.keyOf(line),
        onChanged: () => undefined,
      },
      [stream],
    );
    assert.equal(query.unseen, 10_000);
    store.keepWithin({ keptMs: 1e9, keptBytes: 4_000_000 });
    assert.ok(store.first > 5_000);
    assert.equal(query.unseen, store.next - store.first);
    query.dispose();
  });
});
