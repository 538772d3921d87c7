import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { formatLineTime, LineTimeReader } from '../../../src/logs/lineTime';

const encoder = new TextEncoder();

function read(text: string, reader = new LineTimeReader()): string | undefined {
  const bytes = encoder.encode(text);
  if (!reader.read(bytes, 0, bytes.length)) {
    return undefined;
  }
  return `${formatLineTime(reader.seconds, reader.nanos)}|${text.slice(reader.textStart)}`;
}

describe('the time before a line', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['2026-01-02T03:04:05.123456789Z a b', '2026-01-02T03:04:05.123456789Z|a b'],
    ['2026-01-02T03:04:05Z a', '2026-01-02T03:04:05.000000000Z|a'],
    ['2026-01-02T03:04:05.5Z', '2026-01-02T03:04:05.500000000Z|'],
    ['2026-01-02T03:04:05.5Z ', '2026-01-02T03:04:05.500000000Z|'],
    ['2026-01-02T03:04:05.25+02:00 a', '2026-01-02T01:04:05.250000000Z|a'],
    ['2026-01-02T03:04:05-00:30 a', '2026-01-02T03:34:05.000000000Z|a'],
    ['1969-12-31T23:59:59.9Z a', '1969-12-31T23:59:59.900000000Z|a'],
    ['2026-01-02T03:04:05Zx', undefined],
    ['2026-01-02T03:04:05. a', undefined],
    ['2026-01-02T03:04:05.1234567891Z a', undefined],
    ['2026-01-02T03:04:05+0200 a', undefined],
    ['2026-01-02 03:04:05Z a', undefined],
    ['2026-0a-02T03:04:05Z a', undefined],
    ['2026-01-02T03:04:05', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(read(text), expected));
  }

  it('is that of the platform, whatever the reader has read before', () => {
    const reader = new LineTimeReader();
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.nat(999_999), (ms, below) => {
        const iso = new Date(ms).toISOString();
        if (iso.length !== 24) {
          return;
        }
        const time = iso.replace('Z', `${String(below).padStart(6, '0')}Z`);
        assert.equal(read(`${time} x`, reader), `${time}|x`);
      }),
    );
  });
});
