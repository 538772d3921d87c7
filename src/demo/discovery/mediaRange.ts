/** One entry of an Accept header, such as `application/json;as=Table;v=v1;g=meta.k8s.io`. */
export interface MediaRange {
  /** `type/subtype` in lower case; either part may be `*`. */
  readonly type: string;
  /** Without `q`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** What a header accepts, best liked first; everything where there is no header. Ranges with `q=0` are left out. */
export function parseAccept(accept: string | undefined): readonly MediaRange[] {
  const ranges = (accept ?? '')
    .split(',')
    .map(parseRange)
    .filter(({ range, quality }) => range.type !== '' && quality > 0)
    .toSorted((left, right) => right.quality - left.quality)
    .map(({ range }) => range);
  return ranges.length === 0 && (accept ?? '').trim() === ''
    ? [{ type: '*/*', parameters: new Map() }]
    : ranges;
}

/** Whether a range means JSON, plain or by a wildcard. */
export function acceptsJson({ type }: MediaRange): boolean {
  return type === 'application/json' || type === 'application/*' || type === '*/*';
}

function parseRange(text: string): { readonly range: MediaRange; readonly quality: number } {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const parameter of rest) {
    const [name = '', value = ''] = parameter.split('=').map((part) => part.trim());
    if (name === 'q') {
      quality = Number.isNaN(Number(value)) ? 1 : Number(value);
    } else if (name !== '') {
      parameters.set(name.toLowerCase(), value);
    }
  }
  return { range: { type: type.toLowerCase(), parameters }, quality };
}
