import type { LogPattern, PatternSet, ScanRange } from '../logs/scanText';

/** What a scanning thread is asked: which lines match, or where in some texts a pattern is found. */
export type ScanQuestion =
  | {
      readonly id: number;
      /** Stands for the patterns, so that they are made ready once. */
      readonly set: number;
      readonly patterns: PatternSet;
      readonly range: ScanRange;
    }
  | { readonly id: number; readonly pattern: LogPattern; readonly texts: readonly string[] };
