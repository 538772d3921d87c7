import type { Random } from '../base/random';

/** A whole number from `from` to `to`, both included. */
export function wholeNumber(random: Random, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from + 1));
}

/** One of `choices`, `undefined` if there is none. */
export function pick<T>(random: Random, choices: readonly T[]): T | undefined {
  return choices[Math.floor(random.next() * choices.length)];
}

/** One of `choices`, each as probable as its weight says; they must not be empty. */
export function pickWeighted<T extends { readonly weight: number }>(
  random: Random,
  choices: readonly [T, ...T[]],
): T {
  let rest = random.next() * choices.reduce((sum, choice) => sum + choice.weight, 0);
  for (const choice of choices) {
    rest -= choice.weight;
    if (rest < 0) {
      return choice;
    }
  }
  return choices[0];
}

/** Characters of Kubernetes' generated names: no vowels, nothing that is mistaken for something else. */
const NAME_CHARS = 'bcdfghjklmnpqrstvwxz2456789';

export function nameSuffix(random: Random, length: number): string {
  return Array.from({ length }, () => NAME_CHARS[wholeNumber(random, 0, NAME_CHARS.length - 1)]).join('');
}

export function hexDigits(random: Random, length: number): string {
  return Array.from({ length }, () => wholeNumber(random, 0, 15).toString(16)).join('');
}

/** A version 4 UUID, as far as its looks go. */
export function uuid(random: Random): string {
  const variant = wholeNumber(random, 8, 11).toString(16);
  return [
    hexDigits(random, 8),
    hexDigits(random, 4),
    `4${hexDigits(random, 3)}`,
    `${variant}${hexDigits(random, 3)}`,
    hexDigits(random, 12),
  ].join('-');
}

/** A seed from a text: FNV-1a, 32 bits. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
