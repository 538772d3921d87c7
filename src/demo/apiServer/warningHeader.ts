/** Of kube-apiserver: all texts together may have so many characters, or else each is cut to fewer. */
const MAX_CHARACTERS = 4 * 1024;
const MAX_CHARACTERS_OF_CUT_TEXT = 256;

/**
 * The value of a `Warning` header (RFC 7234) with the code and agent that Kubernetes uses, in Unicode; `undefined` where
 * there is nothing to say. Texts with control characters are left out, and so is what comes after too many others.
 */
export function warningHeader(texts: readonly string[]): string | undefined {
  const shown = withinLimit([...new Set(texts)].filter((text) => text !== '' && !/\p{Cc}/u.test(text)));
  return shown.length === 0
    ? undefined
    : shown.map((text) => `299 - "${text.replaceAll(/["\\]/g, '\\$&')}"`).join(', ');
}

function withinLimit(texts: readonly string[]): readonly string[] {
  if (texts.reduce((sum, text) => sum + text.length, 0) <= MAX_CHARACTERS) {
    return texts;
  }
  const shown: string[] = [];
  let length = 0;
  for (const text of texts) {
    if (length >= MAX_CHARACTERS) {
      break;
    }
    const cut = Array.from(text.slice(0, 2 * MAX_CHARACTERS_OF_CUT_TEXT)).slice(
      0,
      MAX_CHARACTERS_OF_CUT_TEXT,
    );
    shown.push(cut.join(''));
    length += cut.length;
  }
  return shown;
}
