const DECIMAL = /^[1-9][0-9]*$/;

/**
 * Orders two resource versions of one resource as KEP-5504 allows: negative, zero or positive like a sort comparator.
 * Equal text is equal. Otherwise both must be decimal numbers without a leading zero, of any length; undefined means
 * that nothing can be said about their order. They are never turned into numbers, which would lose digits.
 */
export function compareResourceVersions(a: string, b: string): number | undefined {
  if (a === b) {
    return 0;
  }
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) {
    return undefined;
  }
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  return a < b ? -1 : 1;
}
