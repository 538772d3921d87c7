import assert from 'node:assert/strict';
import type { ServerMessage } from '../../../../src/protocol/messages';
import { SharedFrame } from '../../../../src/transport/node/sharedFrame';
import { textFrame } from '../../../../src/transport/node/textFrame';

describe('SharedFrame', () => {
  const message = (): ServerMessage => ({ type: 'events', events: [] });

  it('makes the frame of one message once, however many are sent it', () => {
    const shared = new SharedFrame();
    const first = message();
    const frame = shared.of(first);
    assert.equal(shared.of(first), frame);
    assert.deepEqual(frame, textFrame(JSON.stringify(first)));
  });

  it('makes another one for another message', () => {
    const shared = new SharedFrame();
    const [first, second] = [message(), { type: 'recovered', ok: true } as const];
    shared.of(first);
    assert.deepEqual(shared.of(second), textFrame(JSON.stringify(second)));
    assert.deepEqual(shared.of(first), textFrame(JSON.stringify(first)));
  });
});
