/** Makes foreign text fit for one line of a log or message: control characters become spaces, the rest is cut, visibly. */
export function oneLine(text: string, maxChars: number): string {
  // Cut first: the text may be megabytes, and only its head can appear.
  const head = text.slice(0, maxChars * 4);
  const flat = head.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return flat.length > maxChars || head.length < text.length
    ? `${flat.slice(0, maxChars - 1).trimEnd()}…`
    : flat;
}
