import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connectionTimers } from '../../../../src/transport/node/connectionTimers';
import { DEADLINE, Deadlines } from '../../../../src/transport/node/deadlines';
import { FrameWriter } from '../../../../src/transport/node/frameWriter';
import { pieceFrame, textFrame } from '../../../../src/transport/node/textFrame';
import { FakeClock } from '../../../support/fakeClock';
import { SocketPair } from './socketPair';

describe('FrameWriter, on a connection of the platform', () => {
  let clock: FakeClock;
  let pair: SocketPair;
  let deadlines: Deadlines;
  let missed: number;
  let gone: number;
  let writer: FrameWriter;

  beforeEach(async () => {
    clock = new FakeClock();
    pair = await SocketPair.open();
    missed = 0;
    gone = 0;
    deadlines = new Deadlines(clock, connectionTimers(clock), (deadline) => {
      missed += Number(deadline === DEADLINE.write);
    });
    writer = new FrameWriter(pair.connection, deadlines, () => (gone += 1));
  });
  afterEach(async () => {
    deadlines.dispose();
    pair.dispose();
    await pair.closing;
    assert.equal(clock.pendingTimers, 0);
  });

  it('has nothing to wait for where the network takes a frame at once', async () => {
    writer.write(textFrame('"first"'));
    writer.write(textFrame('"second"'));
    assert.equal(writer.waitingBytes, 0);
    assert.equal(clock.pendingTimers, 0, 'a deadline for nothing');
    assert.deepEqual([await pair.next(), await pair.next()], ['first', 'second']);
    assert.equal(gone, 0);
  });

  it('keeps the order, and tells when there is room, where the other side does not read for a while', async () => {
    pair.client.pause();
    const long = JSON.stringify('x'.repeat(1024 * 1024));
    let written = 0;
    while (writer.waitingBytes === 0) {
      writer.write(textFrame(long));
      written += 1;
      assert.ok(written < 100, 'no end to the network');
    }
    writer.write(pieceFrame(Buffer.from('"la'), { isFirst: true, isLast: false }));
    writer.write(pieceFrame(Buffer.from('st"'), { isFirst: false, isLast: true }));
    assert.equal(gone, 0);
    await clock.advance(9_999);
    assert.equal(missed, 0);
    pair.client.resume();
    for (let message = 0; message < written; message += 1) {
      assert.equal(await pair.next(), 'x'.repeat(1024 * 1024));
    }
    assert.equal(await pair.next(), 'last');
    assert.equal(writer.waitingBytes, 0);
    // For what waited first, and for the two pieces.
    assert.equal(gone, 3);
    await clock.advance(60_000);
    assert.equal(missed, 0);
  });

  it('misses its deadline where there is no room for 10 s', async () => {
    pair.client.pause();
    while (writer.waitingBytes === 0) {
      writer.write(textFrame(JSON.stringify('x'.repeat(1024 * 1024))));
    }
    await clock.advance(9_999);
    assert.equal(missed, 0);
    await clock.advance(1);
    assert.equal(missed, 1);
  });

  it('writes nothing more, and breaks nothing, where the connection is gone', async () => {
    const closed = once(pair.connection, 'close');
    pair.client.terminate();
    await closed;
    writer.write(textFrame('"late"'));
    writer.write(textFrame('"later"'));
    await clock.settle();
  });
});
