/**
 * Which of two texts fits a number of things: `one` for exactly one, else `many`, zero included. Both are whole texts, so
 * that each can be translated by itself: `countText(n, t('1 node'), t('{0} nodes', n))`.
 */
export function countText(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
