import type { LogPattern } from './scanText';

/** More in one line say nothing more. */
const MAX_MARKS = 200;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * Where a pattern is found in some texts: of each the beginnings and ends, one after the other, in UTF-16 units. Throws a
 * `SyntaxError` for what is no regular expression.
 */
export function findMarks(
  { text: wanted, isRegex = false, isCaseSensitive = false }: LogPattern,
  texts: readonly string[],
): number[][] {
  const source = isRegex ? wanted : wanted.replaceAll(SPECIAL, '\\$&');
  const regex = new RegExp(source, isCaseSensitive ? 'g' : 'gi');
  return texts.map((text) => {
    const marks: number[] = [];
    for (const match of text.matchAll(regex)) {
      if (match[0] !== '') {
        marks.push(match.index, match.index + match[0].length);
      }
      if (marks.length >= 2 * MAX_MARKS) {
        break;
      }
    }
    return marks;
  });
}
