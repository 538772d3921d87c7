import { ProblemError } from './problem';

/** Deeper than any topic of ours by far. */
const MAX_PATTERN_SEGMENTS = 100;
/** In UTF-16 units: a pattern of encoded segments has one byte for each. */
const MAX_PATTERN_LENGTH = 2_048;

/** Stands for exactly one segment. */
export const ONE = '*';
/** Stands for any number of segments, none included. */
export const ANY = '**';

/**
 * The segments of a pattern; of several `**` that follow each other one is left, which stands for the same. Throws
 * {@link ProblemError} `badRequest` for a pattern that stands for nothing or is longer than the limits, with what to
 * write instead.
 */
export function parsePattern(pattern: string): readonly string[] {
  if (pattern === '') {
    throw refusal('an empty pattern stands for nothing; write ** for everything');
  }
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw refusal(
      `a pattern has ${pattern.length} characters, at most ${MAX_PATTERN_LENGTH} are taken; write * or ** for what is long`,
    );
  }
  const segments = pattern.split('.');
  if (segments.length > MAX_PATTERN_SEGMENTS) {
    throw refusal(
      `a pattern has ${segments.length} segments, at most ${MAX_PATTERN_SEGMENTS} are taken; write ** for several`,
    );
  }
  if (segments.includes('')) {
    throw refusal(
      `the pattern ${JSON.stringify(pattern.slice(0, 100))} has an empty segment; write * for any one segment`,
    );
  }
  return segments.filter((segment, index) => segment !== ANY || segments[index - 1] !== ANY);
}

function refusal(detail: string): ProblemError {
  return new ProblemError({ code: 'badRequest', detail });
}
