/** Whose row it is; without a name that of the source itself. */
export interface RowKey {
  readonly source: string;
  readonly name?: string;
}

/** A key as the path of an address, whatever the names are: no two keys have the same. */
export function rowPath({ source, name }: RowKey): string {
  return [source, ...(name === undefined ? [] : [name])].map((part) => `/${encodePart(part)}`).join('');
}

/** `undefined` for what no row has. */
export function rowOfPath(path: string): RowKey | undefined {
  try {
    const [, source, name] = path.split('/').map(decodePart);
    return source === undefined ? undefined : { source, ...(name === undefined ? {} : { name }) };
  } catch {
    return undefined;
  }
}

/** In JSON even half of a surrogate pair, which alone cannot be encoded, is told apart from another. */
function encodePart(part: string): string {
  return encodeURIComponent(JSON.stringify(part));
}

function decodePart(part: string): string | undefined {
  const decoded: unknown = part === '' ? undefined : JSON.parse(decodeURIComponent(part));
  return typeof decoded === 'string' ? decoded : undefined;
}
