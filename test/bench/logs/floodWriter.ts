import { setTimeout as delay } from 'node:timers/promises';
import { FLOOD, floodText } from './floodParams';

const TICK_MS = 10;
const NS_PER_LINE = 1e9 / FLOOD.linesPerSecond;

/** Writes lines of one pod: each with its time (RFC 3339) and its text. */
type WriteLines = (pod: number, lines: readonly { readonly time: string; readonly text: string }[]) => void;

/** Writes to all pods in turn for a while, as fast as was said; returns how many lines that were in total, from the first of all. */
export class FloodWriter {
  readonly #write: WriteLines;
  #written = 0;

  constructor(write: WriteLines) {
    this.#write = write;
  }

  async run(forMs: number): Promise<number> {
    const first = this.#written;
    const startMs = performance.now();
    const startWallMs = Date.now();
    for (let elapsedMs = 0; elapsedMs < forMs;) {
      await delay(TICK_MS);
      elapsedMs = Math.min(forMs, performance.now() - startMs);
      const due = first + Math.floor((elapsedMs / 1_000) * FLOOD.linesPerSecond);
      const lines: { time: string; text: string }[][] = Array.from({ length: FLOOD.pods }, () => []);
      for (; this.#written < due; this.#written += 1) {
        const ns = (this.#written - first) * NS_PER_LINE;
        const time = new Date(startWallMs + Math.floor(ns / 1e6)).toISOString();
        const below = String(ns % 1e6).padStart(6, '0');
        lines[this.#written % FLOOD.pods]?.push({
          time: time.replace('Z', `${below}Z`),
          text: floodText(this.#written),
        });
      }
      lines.forEach((ofPod, pod) => this.#write(pod, ofPod));
    }
    return this.#written;
  }
}
