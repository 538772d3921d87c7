import assert from 'node:assert/strict';
import { clientMessageSchema, decode, serverMessageSchema } from '../../../src/protocol/messages';

describe('Messages', () => {
  it('are decoded with unknown fields left out', () => {
    const decoded = decode(clientMessageSchema, { type: 'ready', version: 1, later: true });
    assert.deepEqual(decoded, { ok: true, value: { type: 'ready', version: 1 } });
  });

  it('of an unknown type are told apart from malformed ones', () => {
    const unknown = decode(clientMessageSchema, { type: 'dance' });
    const malformed = decode(clientMessageSchema, { type: 'cancel', id: -1 });
    assert.equal(!unknown.ok && unknown.problem.code, 'unknownMessage');
    assert.equal(!malformed.ok && malformed.problem.code, 'badRequest');
  });

  it('never quote what was received', () => {
    const decoded = decode(serverMessageSchema, { type: 'response', id: 'secret-token' });
    assert.ok(!decoded.ok);
    assert.ok(!decoded.problem.detail.includes('secret-token'), decoded.problem.detail);
  });

  it('that are no objects at all are refused', () => {
    for (const data of [undefined, null, 7, 'text', [], { type: 5 }]) {
      assert.equal(decode(clientMessageSchema, data).ok, false);
    }
  });
});
