/**
 * The largest value that `resource.Quantity` holds: "no quantity may represent a number greater than 2^63-1 in magnitude".
 * As a double that is 2^63. What is written as more is not a figure of anything.
 */
const MAX_QUANTITY = 2 ** 63;

/** Sign, digits, then a binary suffix, a decimal suffix, or an exponent. */
const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/;

const BINARY_POWERS: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 };

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

/**
 * The value of a Kubernetes quantity (`7910m`, `1k`, `31Gi`, `12E`, `1e3`, `0`) as a number of its base unit: cores,
 * bytes or pieces: 0 to {@link MAX_QUANTITY}. `undefined` for anything else, and for what cannot be an amount of
 * something there is: less than none, or more than a quantity can be. Follows the grammar of
 * `k8s.io/apimachinery/pkg/api/resource.Quantity`: suffixes are case-sensitive, `E` alone is exa, followed by digits an
 * exponent.
 */
export function parseQuantity(text: string | undefined): number | undefined {
  const match = text === undefined ? null : QUANTITY.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, number = '', binary, decimal, exponent] = match;
  let value: number;
  if (binary !== undefined) {
    value = Number(number) * 1024 ** (BINARY_POWERS[binary] ?? 0);
  } else {
    const power = decimal === undefined ? (exponent ?? '0') : String(DECIMAL_EXPONENTS[decimal] ?? 0);
    // Let the parser scale: 7910 × 0.001 would be 7.910000000000001 off, `7910e-3` is the nearest double.
    value = Number(`${number}e${power}`);
  }
  // A zero may be written with a sign, and a tiny negative is rounded to one: both are shown as 0, not as -0.
  return value >= 0 && value <= MAX_QUANTITY ? Math.abs(value) : undefined;
}
