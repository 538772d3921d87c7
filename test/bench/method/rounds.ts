/** As many as each figure is the median of. */
export const ROUNDS = 5;

/**
 * Measures each side once a round, one after the other: A B A B and so on. The order turns by one with each round, so
 * that no side always comes after the same other. Answers each side's rounds in order.
 */
export async function interleave<K extends string, M>(
  sides: Readonly<Record<K, (round: number) => Promise<M>>>,
  rounds: number = ROUNDS,
): Promise<Readonly<Record<K, readonly M[]>>> {
  const entries = Object.entries<(round: number) => Promise<M>>(sides);
  const results = new Map<string, M[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < entries.length; turn += 1) {
      const entry = entries[(round + turn) % entries.length];
      if (entry !== undefined) {
        const [name, measure] = entry;
        results.get(name)?.push(await measure(round));
      }
    }
  }
  const measured = (name: K): readonly M[] => results.get(name) ?? [];
  return mapKeys(sides, measured);
}

function mapKeys<K extends string, V>(
  keys: Readonly<Record<K, unknown>>,
  valueOf: (key: K) => V,
): Readonly<Record<K, V>> {
  const mapped: Partial<Record<K, V>> = {};
  for (const key in keys) {
    mapped[key] = valueOf(key);
  }
  if (isComplete(keys, mapped)) {
    return mapped;
  }
  throw new TypeError('a side has no rounds');
}

function isComplete<K extends string, V>(
  keys: Readonly<Record<K, unknown>>,
  mapped: Partial<Record<K, V>>,
): mapped is Record<K, V> {
  return Object.keys(keys).every((key) => key in mapped);
}
