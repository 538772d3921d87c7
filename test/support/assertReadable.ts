import assert from 'node:assert/strict';

/** Asserts that a text says something, and nothing that only a program would say. */
export function assertReadable(text: string): void {
  assert.notEqual(text.trim(), '');
  assert.doesNotMatch(text, /undefined|null|NaN|Infinity|\[object|\{\d\}/);
}
