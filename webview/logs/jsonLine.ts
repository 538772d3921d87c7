/** An object that a line is, as JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper fields are no columns. */
const MAX_DEPTH = 4;
const MAX_FIELDS = 200;
const MAX_VALUE_CHARS = 200;

/** The object that a whole line is; undefined for any other line. */
export function jsonOf(text: string): JsonObject | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(trimmed);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the fields of some objects, those inside of others with a dot; the most frequent first. */
export function fieldsOf(objects: readonly JsonObject[]): string[] {
  const counts = new Map<string, number>();
  for (const object of objects) {
    count(object, '', 1, counts);
  }
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
}

function count(object: JsonObject, prefix: string, depth: number, counts: Map<string, number>): void {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (isObject(value) && depth < MAX_DEPTH) {
      count(value, `${name}.`, depth + 1, counts);
    } else if (counts.has(name) || counts.size < MAX_FIELDS) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
}

/** What a field says, in one short text; empty where it is not there. A name may itself have dots. */
export function fieldText(object: JsonObject, name: string): string {
  const value = fieldValue(object, name);
  if (value === undefined) {
    return '';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS).toWellFormed()}…` : text;
}

function fieldValue(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) {
    return object[name];
  }
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(0, dot);
    const inner = Object.hasOwn(object, key) ? object[key] : undefined;
    const found = isObject(inner) ? fieldValue(inner, name.slice(dot + 1)) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
