import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { nullLogger } from '../../../src/base/logger';
import { ANYBODY } from '../../../src/server/auth/servedGuest';
import { CompatClient } from '../../../src/server/compatClient';
import { compatFrame, type CompatEventType } from '../../../src/server/compatEvents';
import { connectionTimers } from '../../../src/transport/node/connectionTimers';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { SocketPair } from '../transport/node/socketPair';

const FRAME_BYTES = 200 * 1024;

/** Takes a piece when it is told to; nothing at once. */
class HeldConnection extends Writable {
  readonly taken: Buffer[] = [];
  #take: (() => void) | undefined;

  override _write(chunk: Buffer, _: string, callback: () => void): void {
    if (chunk.length === 0) {
      callback();
      return;
    }
    this.#take = () => {
      this.taken.push(chunk);
      callback();
    };
  }

  /** The piece that is under way goes through; resolves when what follows from it has happened. */
  async takeOne(): Promise<void> {
    const take = this.#take;
    this.#take = undefined;
    take?.();
    await new Promise((resolve) => process.nextTick(resolve));
  }
}

describe('a client of the compatible face that reads slowly', () => {
  let clock: FakeClock;
  let pair: SocketPair;
  let connection: HeldConnection;
  let client: CompatClient;

  beforeEach(async () => {
    clock = new FakeClock();
    pair = await SocketPair.open();
    connection = new HeldConnection();
    client = new CompatClient({
      socket: pair.server,
      connection,
      clock,
      timers: connectionTimers(clock),
      logger: nullLogger,
      visit: { guest: ANYBODY, dispose() {} },
      source: 's',
      onClosed: () => undefined,
    });
  });
  afterEach(async () => {
    client.dispose();
    pair.dispose();
    await pair.closing;
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  });
  trackLeaks();

  const tell = (name: string, type: CompatEventType, frames = compatFrame(name, type)): void =>
    client.tell(frames, [{ name, type, isInitial: false }]);
  const big = (): void => tell('big', 'updated', Buffer.alloc(FRAME_BYTES));

  it('is told what waits as it is, up to a bound, and by name beyond it', async () => {
    big();
    big();
    tell('a', 'added');
    tell('a', 'updated');
    tell('b', 'updated');
    tell('b', 'deleted');
    tell('c', 'deleted');
    tell('c', 'added');
    assert.equal(client.late, 3);
    await connection.takeOne();
    await connection.takeOne();
    await connection.takeOne();
    assert.equal(client.late, 0);
    assert.deepEqual(
      connection.taken.at(-1),
      Buffer.concat([compatFrame('a', 'added'), compatFrame('b', 'deleted'), compatFrame('c', 'added')]),
    );
  });

  it('is never told what happened to a name before what happened to it earlier', async () => {
    big();
    big();
    tell('a', 'deleted');
    await connection.takeOne();
    // There is room again, and something that is late.
    tell('a', 'added');
    assert.equal(client.late, 1);
    for (let piece = 0; piece < 4; piece += 1) {
      await connection.takeOne();
    }
    assert.deepEqual(connection.taken.slice(2), [compatFrame('a', 'added')]);
  });

  it('is cut off where a piece does not go through within 10 s, and not where each does', async () => {
    big();
    big();
    await clock.advance(9_000);
    await connection.takeOne();
    await clock.advance(9_999);
    assert.equal(pair.server.readyState, pair.server.OPEN);
    await clock.advance(1);
    assert.equal((await pair.closing).code, 4408);
    tell('a', 'added');
    await connection.takeOne();
    assert.equal(connection.taken.length, 2);
  });

  it('is closed where it sends more pings than anybody needs', async () => {
    for (let count = 0; count < 101; count += 1) {
      pair.client.ping();
    }
    assert.deepEqual(await pair.closing, { code: 4429, reason: 'too many pings and pongs' });
  });
});
