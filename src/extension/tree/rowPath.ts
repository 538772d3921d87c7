/** Which row a decoration is about: that of a source, or of one of its personas. */
export interface DecoratedRow {
  readonly source: string;
  readonly name: string | undefined;
}

/** The path of the URI that stands for a row. Names may be anything, half of a surrogate pair included. */
export function rowPath({ source, name }: DecoratedRow): string {
  // JSON writes half of a pair as an escape; as it is it could not be encoded.
  return [source, ...(name === undefined ? [] : [name])]
    .map((part) => `/${encodeURIComponent(JSON.stringify(part))}`)
    .join('');
}

/** The row that {@link rowPath} made a path of; undefined for any other path. */
export function rowOfPath(path: string): DecoratedRow | undefined {
  try {
    const [source, name] = path
      .split('/')
      .slice(1)
      .map((part): unknown => JSON.parse(decodeURIComponent(part)));
    return typeof source === 'string' && (name === undefined || typeof name === 'string')
      ? { source, name }
      : undefined;
  } catch {
    return undefined;
  }
}
