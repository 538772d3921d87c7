import { hexDigits, pick, wholeNumber } from '../../../src/demo/chance';
import { seededRandom, type Random } from '../../../src/base/random';
import { LINES } from './logsParams';

const FIRST_MS = Date.UTC(2026, 0, 1);
/** A thousand lines a second, as a container writes that is searched for trouble. */
const STEP_US = 1_000;
const SEED = 11;
const BATCH = 1_000;
/** Each piece that is made has so many seconds of lines. */
const BATCH_SECONDS = (BATCH * STEP_US) / 1_000_000;

/** Lines in the formats that programs use, of 100 bytes on average; the same each time. */
function text(random: Random, index: number): string {
  const ip = `10.0.${wholeNumber(random, 1, 9)}.${wholeNumber(random, 2, 250)}`;
  const ms = wholeNumber(random, 1, 2_000);
  const trace = hexDigits(random, 14);
  const level =
    pick(random, ['info', 'info', 'info', 'info', 'info', 'info', 'debug', 'debug', 'warn', 'error']) ?? '';
  switch (index % 5) {
    case 0:
      return `{"level":"${level}","ts":${index},"logger":"cart","msg":"request handled","peer":"${ip}","took":${ms},"trace":"${trace}"}`;
    case 1:
      return `ts=${index} level=${level} caller=handler.go:${ms} msg="request done" status=${pick(random, [200, 200, 200, 304, 404, 503])} took ${ms}ms trace=${trace}`;
    case 2:
      return `${level === 'warn' ? 'W' : 'I'}0101 08:00:00.000000       1 controller.go:${ms}] "Reconciled" object="shop/cart-${index % 100}" trace="${trace}"`;
    case 3:
      return `${level.toUpperCase()} upstream ${ip}: ${level === 'error' ? 'context deadline exceeded' : 'answered'} id=${hexDigits(random, index % 50 === 3 ? 32 : 16)} attempt=${ms % 5} trace=${trace}`;
    default:
      return `user=${pick(random, ['alice', 'bob', 'carol', 'dave', 'erin'])} path=/api/v1/cart/${index} result=${ms % 40 === 0 ? 'denied' : 'granted'} after=${ms}us trace=${trace}`;
  }
}

function time(index: number): string {
  const us = index * STEP_US;
  const below = String(us % 1_000).padStart(3, '0');
  return new Date(FIRST_MS + Math.floor(us / 1_000)).toISOString().replace('Z', `${below}000Z`);
}

/** All lines in pieces, each line as `format` has it, with a line feed. */
export function* benchLines(format: (time: string, text: string) => string): Generator<Buffer, void, void> {
  const random = seededRandom(SEED);
  for (let from = 0; from < LINES; from += BATCH) {
    const lines = Array.from({ length: BATCH }, (_, offset) => {
      const index = from + offset;
      return `${format(time(index), text(random, index))}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

/** Of the pieces those that have lines from a time on, which is in RFC 3339; all of them without one. */
export function piecesSince(pieces: readonly Buffer[], since: string | null): readonly Buffer[] {
  const seconds = since === null ? 0 : Math.floor((Date.parse(since) - FIRST_MS) / 1_000);
  return pieces.slice(Math.max(0, Math.floor(seconds / BATCH_SECONDS)));
}
