interface Rule {
  readonly what: string;
  /** Its first group, where it has one, is what is replaced. */
  readonly pattern: RegExp;
  /** It differs from server to server, but not from answer to answer: equal values get equal numbers everywhere. */
  readonly isNumbered?: true;
}

/** All that may differ between two API servers which were told the same. */
const rules: readonly Rule[] = [
  { what: 'address', pattern: /https:\/\/127\.0\.0\.1:\d+/g },
  { what: 'server version', pattern: /Server Version: (.+)/g },
  { what: 'uid', pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, isNumbered: true },
  { what: 'suffix', pattern: /\b[Gg]enerated[-_]([a-z0-9]{5})\b/g, isNumbered: true },
  { what: 'time', pattern: /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g },
  // Unlike an age, an amount of CPU has an amount beside it.
  { what: 'age', pattern: /(?<=^| {2}|\()(?:\d+[ydhms]){1,2}(?! +\d+(?:%|Mi))(?: +|$)/gm },
  { what: 'age column', pattern: /(?<=\bAGE) +/g },
  { what: 'continue token', pattern: /"continue": "([\w-]+)"/g },
  // A list's version, and a bookmark's, counts also what happens to objects that nobody asked about.
  { what: 'list version', pattern: /"resourceVersion": "(\d+)"\s+\}/g },
  {
    what: 'version',
    pattern: /resource ?version(?:"?: *"?| in record \()(\d+)/gi,
    isNumbered: true,
  },
  { what: 'temporary file', pattern: /(?:\/[\w.-]+)+\/kubectl-edit-\d+/g },
];

/** Takes out of the answers of one server what is its own. Give them to it in the order in which they came. */
export class Normaliser {
  readonly #numbers = new Map<string, string>();

  /** `place` is this answer's own. New values are numbered by it, so that one difference makes no others. */
  normalise(answer: string, place: string): string {
    let newValues = 0;
    const numberOf = (what: string, value: string): string => {
      const key = `${what} ${value}`;
      const number = this.#numbers.get(key) ?? `${place}.${(newValues += 1)}`;
      this.#numbers.set(key, number);
      return number;
    };
    return rules.reduce(
      (text, { what, pattern, isNumbered }) =>
        text.replace(pattern, (whole: string, group: unknown) => {
          const value = typeof group === 'string' ? group : whole;
          return whole.replace(value, `<${what}${isNumbered ? ` ${numberOf(what, value)}` : ''}>`);
        }),
      withSortedMistakes(canonicalJson(answer)),
    );
  }
}

/** A real API server walks through an object's fields in any order, and may tell the same mistakes in another one. */
function withSortedMistakes(answer: string): string {
  return answer.replace(
    /(?:^\* .*\n){2,}/gm,
    (mistakes) => `${mistakes.trimEnd().split('\n').sort().join('\n')}\n`,
  );
}

/** JSON knows no order of fields; and in which order managers stand depends on where a second ends. */
function canonicalJson(answer: string): string {
  try {
    return answer
      .trimEnd()
      .split(/\n(?=\{)/)
      .map((document) => JSON.stringify(JSON.parse(document, inOrder), undefined, 2))
      .join('\n');
  } catch {
    return answer;
  }
}

function inOrder(name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    return name === 'managedFields'
      ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : value;
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
