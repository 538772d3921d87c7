import assert from 'node:assert/strict';
import { warningHeader } from '../../../../src/demo/apiServer/warningHeader';

describe('the header of warnings', () => {
  it('is absent where there is nothing to say', () => {
    assert.equal(warningHeader([]), undefined);
    assert.equal(warningHeader(['', 'a\u0000b', 'c\r\nX-Injected: 1', 'd\u007f']), undefined);
  });

  it('quotes each text once', () => {
    assert.equal(
      warningHeader(['unknown field "中\\é"', 'b', 'b']),
      '299 - "unknown field \\"中\\\\é\\"", 299 - "b"',
    );
  });

  it('is not longer than clients can take: long texts are cut, and what comes after is left out', () => {
    const long = 'x'.repeat(5000);
    assert.equal(warningHeader([long, 'b']), `299 - "${'x'.repeat(256)}", 299 - "b"`);
    const many = Array.from({ length: 100_000 }, (_, index) => `warning number ${String(index).padStart(6)}`);
    const header = warningHeader(many) ?? '';
    assert.equal(header.split(', ').length, Math.ceil(4096 / 'warning number 000000'.length));
    assert.ok(header.length < 8000);
  });
});
