import type { Clock } from '../../../src/base/clock';
import { unsharedBytes } from '../../../src/logs/allocateBytes';
import type { LogChunk } from '../../../src/logs/logChunk';
import { MergeOrder } from '../../../src/logs/mergeOrder';
import { StreamStore } from '../../../src/logs/streamStore';
import { FakeClock } from '../../support/fakeClock';

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** `n` thousandths of a second after a fixed one. */
export const at = (n: number): string =>
  new Date(Date.UTC(2026, 0, 1) + n).toISOString().replace('Z', '000000Z');

export function newStore(clock: Clock = new FakeClock(), order = new MergeOrder()) {
  const letGo: LogChunk[] = [];
  const store = new StreamStore({
    order,
    clock,
    allocate: unsharedBytes,
    onLetGo: (chunk) => letGo.push(chunk),
  });
  return { store, letGo, order };
}

/** What is held, as `text`, with a `+` for each line that is cut and `!` for a marker. */
export function texts(store: StreamStore): string[] {
  const lines: string[] = [];
  for (let line = store.first; line < store.next; line += 1) {
    const held = store.line(line);
    const mark = (held?.cutBytes ?? 0) > 0 ? '+' : '';
    lines.push(held?.marker === undefined ? `${decode(held?.bytes ?? new Uint8Array(0))}${mark}` : '!');
  }
  return lines;
}
