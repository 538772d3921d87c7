import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { encodedBytes } from '../../../../src/hub/flow/encodedBytes';
import { alertEvent } from './flowEvents';

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

describe('encodedBytes', () => {
  it('is never less than what JSON takes in UTF-8', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
        fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0000', 'é', '語', '😀', '\ud800') }),
        (value, text) => {
          const told = { value, text, absent: undefined };
          assert.ok(encodedBytes(told) >= jsonBytes(told), JSON.stringify(told));
        },
      ),
    );
  });

  it('is hardly more for an event', () => {
    const event = alertEvent('node-7', { cursor: 'k3v9x2.1234567' });
    assert.ok(encodedBytes(event) >= jsonBytes(event));
    assert.ok(encodedBytes(event) <= jsonBytes(event) + 50);
    const long = alertEvent('語'.repeat(1_000));
    assert.ok(encodedBytes(long) <= 1.1 * jsonBytes(long));
  });

  it('goes quickly through a text of megabytes', () => {
    const text = 'ü'.repeat(5_000_000);
    assert.ok(encodedBytes(text) >= 2 + 2 * text.length);
  });
});
