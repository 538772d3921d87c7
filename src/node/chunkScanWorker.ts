import { parentPort } from 'node:worker_threads';
import { findMarks } from '../logs/findMarks';
import { TextScanner, type PatternSet } from '../logs/scanText';
import type { ScanQuestion } from './scanQuestion';

/** Sets of patterns that are kept ready; the one that was used longest ago gives way. */
const MAX_SCANNERS = 16;

const scanners = new Map<number, TextScanner>();

parentPort?.on('message', (question: ScanQuestion) => {
  const { id } = question;
  try {
    if ('texts' in question) {
      parentPort?.postMessage({ id, marks: findMarks(question.pattern, question.texts) });
    } else {
      parentPort?.postMessage({ id, lines: scannerOf(question.set, question.patterns).scan(question.range) });
    }
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});

function scannerOf(set: number, patterns: PatternSet): TextScanner {
  const scanner = scanners.get(set) ?? new TextScanner(patterns);
  scanners.delete(set);
  scanners.set(set, scanner);
  for (const oldest of scanners.keys()) {
    if (scanners.size <= MAX_SCANNERS) {
      break;
    }
    scanners.delete(oldest);
  }
  return scanner;
}
