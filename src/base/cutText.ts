const ELLIPSIS = '…';
/** Code points beyond take two UTF-16 units. */
const LAST_OF_ONE_UNIT = 0xffff;

/** At most `maxChars` UTF-16 units of a text; one that is longer ends in an ellipsis, and never in half a character. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) {
    return text;
  }
  const end = maxChars - ELLIPSIS.length;
  const isSplit = (text.codePointAt(end - 1) ?? 0) > LAST_OF_ONE_UNIT;
  return text.slice(0, isSplit ? end - 1 : end) + ELLIPSIS;
}
