/** Just enough of ITU-T X.690 (DER) to write an X.509 certificate. */

function withLength(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) {
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  }
  const digits = content.length.toString(16);
  const length = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export function derSequence(...items: readonly Buffer[]): Buffer {
  return withLength(0x30, Buffer.concat(items));
}

export function derSet(...items: readonly Buffer[]): Buffer {
  return withLength(0x31, Buffer.concat(items));
}

/** `bytes` as a non-negative integer, most significant byte first. */
export function derInteger(bytes: Buffer): Buffer {
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return withLength(0x02, isNegative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function derBoolean(value: boolean): Buffer {
  return withLength(0x01, Buffer.from([value ? 0xff : 0]));
}

export function derOctetString(content: Buffer): Buffer {
  return withLength(0x04, content);
}

/** A bit string; `unusedBits` are those at the end of the last byte that don't count. */
export function derBitString(content: Buffer, unusedBits = 0): Buffer {
  return withLength(0x03, Buffer.concat([Buffer.from([unusedBits]), content]));
}

export function derUtf8String(text: string): Buffer {
  return withLength(0x0c, Buffer.from(text, 'utf8'));
}

/** Valid for the years 1950 to 2049, as RFC 5280 §4.1.2.5.1 has it. */
export function derUtcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return withLength(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

/** An object identifier from its dotted form. */
export function derObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((value) => {
    const septets = [value & 0x7f];
    for (let left = Math.floor(value / 0x80); left > 0; left = Math.floor(left / 0x80)) {
      septets.unshift((left & 0x7f) | 0x80);
    }
    return septets;
  });
  return withLength(0x06, Buffer.from(bytes));
}

/** `[number]` around a constructed value. */
export function derExplicit(number: number, content: Buffer): Buffer {
  return withLength(0xa0 | number, content);
}

/** `[number]` in place of a primitive value's own tag. */
export function derImplicit(number: number, content: Buffer): Buffer {
  return withLength(0x80 | number, content);
}
