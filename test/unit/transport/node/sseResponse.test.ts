import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter';
import type { CredentialEnd } from '../../../../src/transport/node/credential';
import { SseResponse } from '../../../../src/transport/node/sseResponse';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedResponse } from './scriptedResponse';

function rethrow(error: unknown): never {
  throw error;
}

function begin() {
  const clock = new FakeClock();
  const client = new ScriptedResponse();
  const revoked = new Emitter<CredentialEnd>(rethrow);
  const stream = new SseResponse({
    response: client.response,
    headers: { vary: 'origin' },
    clock,
    onListenerError: rethrow,
    retryMs: 1_234,
    credential: { onEnded: revoked.event, dispose() {} },
  });
  let closes = 0;
  const listening = stream.onClose(() => (closes += 1));
  const finish = async (): Promise<void> => {
    client.cut();
    await clock.settle();
    listening.dispose();
    assert.equal(clock.pendingTimers, 0, 'a timer is left');
  };
  return { clock, client, stream, revoked, closes: () => closes, finish };
}

describe('SseResponse', () => {
  trackLeaks();

  it('begins with how long to wait before coming again, and says something every 15 s', async () => {
    const { clock, client, stream, finish } = begin();
    await clock.settle();
    assert.equal(client.response.getHeader('vary'), 'origin');
    assert.equal(client.takeText(), 'retry: 1234\n\n');
    await clock.advance(14_999);
    assert.equal(client.takeText(), '');
    await clock.advance(1);
    assert.equal(client.takeText(), ':\n\n');
    await clock.advance(30_000);
    assert.equal(client.takeText(), ':\n\n:\n\n');
    assert.equal(stream.bufferedBytes, 0);
    stream.dispose();
    await clock.settle();
    await finish();
  });

  it('cuts off who has no room for 10 s, and says no more meanwhile', async () => {
    const { clock, client, stream, closes, finish } = begin();
    await clock.settle();
    client.stopReading();
    await clock.advance(8_000);
    stream.write('data: x\n\n');
    assert.equal(stream.bufferedBytes, 9);
    await clock.advance(9_999);
    assert.deepEqual([client.isCut, stream.isEnded, stream.bufferedBytes], [false, false, 9]);
    await clock.advance(1);
    assert.deepEqual([client.isCut, stream.isEnded, closes()], [true, true, 1]);
    await finish();
  });

  it('calls back once there is room, and waits anew for what comes next', async () => {
    const { clock, client, stream, finish } = begin();
    await clock.settle();
    const taken: number[] = [];
    client.stopReading();
    stream.write('one', () => taken.push(1));
    stream.write('two', () => taken.push(2));
    await clock.advance(9_000);
    assert.deepEqual(taken, []);
    client.readOn();
    await clock.settle();
    assert.deepEqual(taken, [1, 2]);
    await clock.advance(9_000);
    assert.equal(client.isCut, false);
    stream.dispose();
    await clock.settle();
    await finish();
  });

  it('says why it ends when the token is revoked, and how long to stay away where that is asked', async () => {
    const { clock, client, stream, revoked, closes, finish } = begin();
    await clock.settle();
    client.takeText();
    revoked.fire({ code: 4401, reason: 'the token is no longer good' });
    stream.end({ code: 1012, reason: 'late', retryAfterMs: 5 });
    stream.write('late');
    await clock.settle();
    assert.equal(
      client.takeText(),
      'event: goodbye\ndata: {"code":4401,"reason":"the token is no longer good"}\n\n',
    );
    assert.deepEqual([client.isEnded, closes()], [true, 1]);
    await finish();
    const other = begin();
    other.stream.end({ code: 1012, reason: 'shut down', retryAfterMs: 700 });
    await other.clock.settle();
    assert.match(other.client.takeText(), /\n\nretry: 700\nevent: goodbye\ndata: .*"retryAfterMs":700/);
    await other.finish();
  });

  it('cuts off who does not read that within 5 s', async () => {
    const { clock, client, stream, finish } = begin();
    client.stopReading();
    stream.write('data: x\n\n');
    stream.end({ code: 1012, reason: 'shut down' });
    await clock.advance(4_999);
    assert.equal(client.isCut, false);
    await clock.advance(1);
    assert.equal(client.isCut, true);
    await finish();
  });

  it('ends with its connection', async () => {
    const { clock, client, stream, closes, finish } = begin();
    client.cut();
    await clock.settle();
    stream.write('late');
    stream.dispose();
    assert.deepEqual([stream.isEnded, closes()], [true, 1]);
    await finish();
  });
});
