import { parentPort } from 'node:worker_threads';
import { TextScanner } from '../logs/scanText';
import type { ScanQuestion } from './scanQuestion';

/** Sets of patterns that are kept ready; the one that was used longest ago gives way. */
const MAX_SCANNERS = 16;

const scanners = new Map<number, TextScanner>();

parentPort?.on('message', ({ id, set, patterns, range }: ScanQuestion) => {
  try {
    const scanner = scanners.get(set) ?? new TextScanner(patterns);
    scanners.delete(set);
    scanners.set(set, scanner);
    for (const oldest of scanners.keys()) {
      if (scanners.size <= MAX_SCANNERS) {
        break;
      }
      scanners.delete(oldest);
    }
    const lines = scanner.scan(range);
    parentPort?.postMessage({ id, lines });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
