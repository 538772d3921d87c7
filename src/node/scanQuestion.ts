import type { PatternSet, ScanRange } from '../logs/scanText';

/** What a scanning thread is asked; `set` stands for the patterns, so that they are made ready once. */
export interface ScanQuestion {
  readonly id: number;
  readonly set: number;
  readonly patterns: PatternSet;
  readonly range: ScanRange;
}
