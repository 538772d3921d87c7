const TWO_32 = 2 ** 32;
/** The offset basis and the prime 2^40 + 0x1b3 of the 64-bit FNV-1a. */
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;
const PRIME_SHIFT = 8;

/**
 * The 64-bit FNV-1a hash of a text's UTF-16 units, low byte first, as 16 hexadecimal digits. It tells different things apart
 * by chance; whoever wants two texts of the same hash can find them.
 */
export function fnv1a(text: string): string {
  let high = BASIS_HIGH;
  let low = BASIS_LOW;
  const add = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    // Both halves times the prime; every product stays below 2^53.
    const product = low * PRIME_LOW;
    high = (high * PRIME_LOW + Math.floor(product / TWO_32) + low * 2 ** PRIME_SHIFT) % TWO_32;
    low = product % TWO_32;
  };
  for (let index = 0; index < text.length; index += 1) {
    // Half a character counts as such: nothing is read as code points.
    // oxlint-disable-next-line unicorn/prefer-code-point
    const unit = text.charCodeAt(index);
    add(unit & 0xff);
    add(unit >>> 8);
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
