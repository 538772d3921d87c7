import { isRecord } from '../../base/jsonRecord';

type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'filter'; readonly name: string; readonly value: string };

/** A dotted field, where a backslash takes a dot into the name; a place in a list; or a filter on one field's text. */
const STEP =
  /\.((?:[^.[\]\\]|\\.)+)|\[(-?\d+)\]|\['([^']+)'\]|\[\?\(@\.([\w-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]/y;

/** Reads the first value a path leads to; `undefined` where there is none. */
export type ColumnPath = (object: unknown) => unknown;

/**
 * Compiles the JSONPath of a printer column, in the forms that columns have: fields, places in lists, and filters such
 * as `[?(@.type=="Healthy")]`. Throws a `SyntaxError` for any other.
 */
export function compileColumnPath(path: string): ColumnPath {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  let end = 0;
  while (end < path.length) {
    const match = STEP.exec(path);
    if (match === null) {
      throw new SyntaxError(`a printer column's path is not understood from ${path.slice(end)} on`);
    }
    steps.push(stepOf(match));
    end = STEP.lastIndex;
  }
  STEP.lastIndex = 0;
  return (object) => first(object, steps, 0);
}

function stepOf(match: RegExpExecArray): Step {
  const [, field, index, quoted, filterField, double, single] = match;
  if (index !== undefined) {
    return { type: 'index', index: Number(index) };
  }
  if (filterField !== undefined) {
    return { type: 'filter', name: filterField, value: double ?? single ?? '' };
  }
  return { type: 'field', name: quoted ?? (field ?? '').replaceAll(/\\(.)/g, '$1') };
}

function first(value: unknown, steps: readonly Step[], position: number): unknown {
  const step = steps[position];
  if (step === undefined) {
    return value;
  }
  switch (step.type) {
    case 'field':
      return isRecord(value) && Object.hasOwn(value, step.name)
        ? first(value[step.name], steps, position + 1)
        : undefined;
    case 'index':
      return Array.isArray(value) ? first(value.at(step.index), steps, position + 1) : undefined;
    case 'filter': {
      const entries: readonly unknown[] = Array.isArray(value) ? value : [];
      for (const entry of entries) {
        const found =
          isRecord(entry) && entry[step.name] === step.value ? first(entry, steps, position + 1) : undefined;
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
    }
    default:
      return step satisfies never;
  }
}
