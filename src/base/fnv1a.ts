/** The offset basis of the 64-bit FNV-1a in parts of 16 bits, the lowest first; its prime is 2^40 + 0x1b3. */
const BASIS = [0x2325, 0x8422, 0x9ce4, 0xcbf2] as const;
const PRIME_LOW = 0x1b3;
const PRIME_SHIFT = 8;
const PART = 0xffff;

/**
 * The 64-bit FNV-1a hash of a text's UTF-16 units, low byte first, as 16 hexadecimal digits. It tells different things apart
 * by chance; whoever wants two texts of the same hash can find them.
 */
export function fnv1a(text: string): string {
  let [a, b, c, d]: readonly [number, number, number, number] = BASIS;
  for (let index = 0; index < 2 * text.length; index += 1) {
    // Half a character counts as such: nothing is read as code points.
    // oxlint-disable-next-line unicorn/prefer-code-point
    const unit = text.charCodeAt(index >>> 1);
    a ^= (index & 1) === 0 ? unit & 0xff : unit >>> 8;
    // Times the prime, part by part: all of it stays an integer of 32 bits, which is many times as fast as what does not.
    const low = a * PRIME_LOW;
    const middle = b * PRIME_LOW + (low >>> 16);
    const high = c * PRIME_LOW + (a << PRIME_SHIFT) + (middle >>> 16);
    d = (d * PRIME_LOW + (b << PRIME_SHIFT) + (high >>> 16)) & PART;
    a = low & PART;
    b = middle & PART;
    c = high & PART;
  }
  return [d, c, b, a].map((part) => part.toString(16).padStart(4, '0')).join('');
}
