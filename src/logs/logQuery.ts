import type { LogFilter, LogPatternParams } from '../protocol/logView';
import { ProblemError } from '../protocol/problem';
import { LEVEL, type LevelCode } from './levelCode';
import { TextScanner, type PatternSet } from './scanText';

/** Which lines are wanted. */
export interface LogQuery {
  /** Undefined where any text will do. */
  readonly patterns: PatternSet | undefined;
  /** Only lines at least as severe; a line without a level is the least. */
  readonly level: LevelCode;
  readonly pods: ReadonlySet<string> | undefined;
  readonly containers: ReadonlySet<string> | undefined;
  /** Whether markers are wanted: what is missing is told whatever is filtered, but is no match of a search. */
  readonly keepsMarkers: boolean;
}

/**
 * Of the lines that a filter lets through all of them, or with `find` those in which it is found. Throws {@link ProblemError}
 * for what is no regular expression.
 */
export function logQuery(filter: LogFilter, find?: LogPatternParams): LogQuery {
  const { include = [], exclude = [], level, pods, containers } = filter;
  const patterns: PatternSet = { all: find === undefined ? [] : [find], any: include, none: exclude };
  const hasPatterns = find !== undefined || include.length > 0 || exclude.length > 0;
  if (hasPatterns) {
    check(patterns);
  }
  return {
    patterns: hasPatterns ? patterns : undefined,
    level: level === undefined ? LEVEL.none : LEVEL[level],
    pods: pods === undefined ? undefined : new Set(pods),
    containers: containers === undefined ? undefined : new Set(containers),
    keepsMarkers: find === undefined,
  };
}

/** Whether a filter lets everything through. */
export function isOpen({ include = [], exclude = [], level, pods, containers }: LogFilter): boolean {
  return (
    include.length === 0 &&
    exclude.length === 0 &&
    level === undefined &&
    pods === undefined &&
    containers === undefined
  );
}

function check(patterns: PatternSet): void {
  try {
    void new TextScanner(patterns);
  } catch (error) {
    throw new ProblemError({
      code: 'badRequest',
      detail: error instanceof Error ? error.message.slice(0, 500) : 'no regular expression',
    });
  }
}
