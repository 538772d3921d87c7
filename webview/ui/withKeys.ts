export interface Keyed<T> {
  readonly item: T;
  readonly key: string;
}

/**
 * Gives each item a key of its own, in order. Nothing keeps an object from naming a thing twice: items of one name are
 * numbered, so that a name keeps its key whatever comes before it.
 */
export function withKeys<T>(items: readonly T[], nameOf: (item: T) => string): readonly Keyed<T>[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const name = nameOf(item);
    const place = seen.get(name) ?? 0;
    seen.set(name, place + 1);
    // The number comes first: behind it, "a 1" could be the second "a" as well as the first "a 1".
    return { item, key: `${place} ${name}` };
  });
}
