import assert from 'node:assert/strict';

/** Something is said, and nothing that only a program would say. */
export function assertReadable(text: string): void {
  assert.notEqual(text.trim(), '');
  assert.doesNotMatch(text, /undefined|null|NaN|Infinity|\[object|\{\d\}/);
}
