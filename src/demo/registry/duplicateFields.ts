/** A string, a bracket, a comma, a colon, or a run of anything else: enough to follow valid JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;

interface Level {
  /** Of the object or list itself. */
  readonly path: string;
  /** `undefined` for a list. */
  readonly names: Set<string> | undefined;
  index: number;
  name: string;
}

/** Paths of fields that stand more than once in their object, such as `spec.name`. `json` must be valid. */
export function duplicateFields(json: string): readonly string[] {
  const duplicates: string[] = [];
  const levels: Level[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const level = levels.at(-1);
    switch (token) {
      case '{':
      case '[':
        levels.push({
          path: level === undefined ? '' : pathOfValue(level),
          names: token === '{' ? new Set() : undefined,
          index: 0,
          name: '',
        });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level !== undefined) {
          level.index += 1;
        }
        break;
      case ':':
        if (level?.names !== undefined) {
          level.name = String(JSON.parse(text));
          if (level.names.has(level.name)) {
            duplicates.push(pathOfValue(level));
          }
          level.names.add(level.name);
        }
        break;
      default:
        text = token;
    }
  }
  return [...new Set(duplicates)];
}

function pathOfValue({ path, names, name, index }: Level): string {
  if (names === undefined) {
    return `${path}[${index}]`;
  }
  return path === '' ? name : `${path}.${name}`;
}
