import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { GatheredChunks } from '../../../src/cluster/gatheredChunks';
import { FakeClock } from '../../support/fakeClock';

const text = ({ value }: IteratorResult<Uint8Array, undefined>): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString();

describe('what a stream brings in small pieces', () => {
  it('is handed out at once after a pause, and then together', async () => {
    const clock = new FakeClock();
    const stream = new PassThrough();
    const chunks = new GatheredChunks(stream, clock);
    const first = chunks.next();
    stream.write('a');
    assert.equal(text(await first), 'a');
    const second = chunks.next();
    stream.write('b');
    stream.write('c');
    await clock.settle();
    stream.write('d');
    await clock.advance(2);
    assert.equal(text(await second), 'bcd');
    stream.end('e');
    await clock.settle();
    assert.equal(text(await chunks.next()), 'e');
    assert.equal((await chunks.next()).done, true);
    assert.equal(clock.pendingTimers, 0);
  });

  it('is all handed out before the error that ended it', async () => {
    const clock = new FakeClock();
    const stream = new PassThrough();
    const chunks = new GatheredChunks(stream, clock);
    stream.write('a');
    await clock.settle();
    assert.equal(text(await chunks.next()), 'a');
    stream.write('b');
    await clock.settle();
    stream.destroy(new Error('cut'));
    await clock.settle();
    assert.equal(text(await chunks.next()), 'b');
    await assert.rejects(chunks.next(), /cut/);
  });

  it('makes its sender wait while nobody reads', async () => {
    const clock = new FakeClock();
    let made = 0;
    const stream = new Readable({
      read() {
        made += 1;
        this.push(made > 1_000 ? null : Buffer.alloc(10_000, made % 256));
      },
    });
    const chunks = new GatheredChunks(stream, clock);
    await clock.settle();
    await clock.settle();
    assert.ok(made < 100, `${made} pieces were made`);
    let bytes = 0;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      bytes += next.value.length;
      await clock.advance(2);
    }
    assert.equal(bytes, 10_000_000);
  });
});
