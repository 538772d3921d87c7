import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import type { StructuralSchema } from '../schema/structuralSchema';
import type { PathElement } from './fieldSet';

/** What a value is merged and owned as: as one thing, by its fields, or by its items. */
export type Shape =
  | { readonly type: 'leaf' }
  | { readonly type: 'fields'; readonly record: JsonRecord }
  | { readonly type: 'items'; readonly items: ReadonlyMap<PathElement, unknown> };

const LEAF: Shape = { type: 'leaf' };

/** Maps are granular and lists atomic unless the schema says otherwise. */
export function shapeOf(value: unknown, schema: StructuralSchema | undefined): Shape {
  if (isRecord(value)) {
    return schema?.isAtomicMap === true ? LEAF : { type: 'fields', record: value };
  }
  if (Array.isArray(value) && schema !== undefined && schema.listType !== 'atomic') {
    return {
      type: 'items',
      items: new Map(value.map((item: unknown) => [elementOfItem(item, schema), item])),
    };
  }
  return LEAF;
}

/** The schema of what is below `element`; `undefined` where nothing is declared. */
export function schemaBelow(
  schema: StructuralSchema | undefined,
  element: PathElement,
): StructuralSchema | undefined {
  return element.startsWith('f:')
    ? (schema?.properties.get(element.slice(2)) ?? schema?.additionalProperties)
    : schema?.items;
}

function elementOfItem(item: unknown, schema: StructuralSchema): PathElement {
  if (schema.listType === 'set') {
    return `v:${JSON.stringify(item)}`;
  }
  const record = isRecord(item) ? item : {};
  const keys = schema.listMapKeys.toSorted().filter((key) => Object.hasOwn(record, key));
  return `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, record[key]])))}`;
}

/** Equal as JSON: the order of an object's fields means nothing, that of a list does. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item: unknown, index) => deepEqual(item, b[index]))
    );
  }
  if (!isRecord(a) || !isRecord(b)) {
    return false;
  }
  const names = Object.keys(a).filter((name) => a[name] !== undefined);
  return (
    names.length === Object.keys(b).filter((name) => b[name] !== undefined).length &&
    names.every((name) => Object.hasOwn(b, name) && deepEqual(a[name], b[name]))
  );
}
