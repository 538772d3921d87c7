import type { JsonRecord } from '../../base/jsonRecord';
import { setField } from '../schema/pruning';
import type { StructuralSchema } from '../schema/structuralSchema';
import type { FieldSet } from './fieldSet';
import { schemaBelow, shapeOf } from './typedValue';

/** `live` with everything that `config` says: maps merged by field, lists by item where they have keys. */
export function mergeFields(live: JsonRecord, config: JsonRecord, schema: StructuralSchema): JsonRecord {
  return mergeRecords(live, config, schema);
}

function mergeValue(live: unknown, config: unknown, schema: StructuralSchema | undefined): unknown {
  if (config === undefined) {
    return live;
  }
  const liveShape = shapeOf(live, schema);
  const configShape = shapeOf(config, schema);
  if (liveShape.type === 'fields' && configShape.type === 'fields') {
    return mergeRecords(liveShape.record, configShape.record, schema);
  }
  if (liveShape.type === 'items' && configShape.type === 'items') {
    return mergeItems(liveShape.items, configShape.items, schema?.items);
  }
  return config;
}

function mergeRecords(
  live: JsonRecord,
  config: JsonRecord,
  schema: StructuralSchema | undefined,
): JsonRecord {
  const merged: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(config)) {
    const current = Object.hasOwn(live, name) ? live[name] : undefined;
    setField(merged, name, mergeValue(current, value, schemaBelow(schema, `f:${name}`)));
  }
  return merged;
}

/**
 * Items of both lists come in the order of the configuration, items of the live list alone as early as their place between
 * the others allows: what is new comes last.
 */
function mergeItems(
  live: ReadonlyMap<string, unknown>,
  config: ReadonlyMap<string, unknown>,
  itemSchema: StructuralSchema | undefined,
): readonly unknown[] {
  const merged: unknown[] = [];
  const liveItems = [...live];
  const shared = [...config.keys()].filter((element) => live.has(element));
  let next = 0;
  const takeLiveUntil = (end: string | undefined): void => {
    for (; next < liveItems.length; next += 1) {
      const [element, item] = liveItems[next] ?? [];
      if (element === undefined || element === end) {
        return;
      }
      if (!config.has(element)) {
        merged.push(item);
      }
    }
  };
  for (const [element, item] of config) {
    takeLiveUntil(shared[0]);
    if (element === shared[0]) {
      shared.shift();
    }
    merged.push(mergeValue(live.get(element), item, itemSchema));
  }
  takeLiveUntil(undefined);
  return merged;
}

/** `value` without the fields of `set`, and whatever is below them. */
export function removeFields(value: JsonRecord, set: FieldSet, schema: StructuralSchema): JsonRecord {
  return removeFromRecord(value, set, schema);
}

function removeFromRecord(
  record: JsonRecord,
  set: FieldSet,
  schema: StructuralSchema | undefined,
): JsonRecord {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const element = `f:${name}`;
    const below = set.children.get(element);
    if (below?.isMember !== true) {
      setField(kept, name, removeFromValue(value, below, schemaBelow(schema, element)));
    }
  }
  return kept;
}

function removeFromValue(
  value: unknown,
  set: FieldSet | undefined,
  schema: StructuralSchema | undefined,
): unknown {
  if (set === undefined) {
    return value;
  }
  const shape = shapeOf(value, schema);
  switch (shape.type) {
    case 'leaf':
      return value;
    case 'fields':
      return removeFromRecord(shape.record, set, schema);
    case 'items':
      return [...shape.items].flatMap(([element, item]) => {
        const below = set.children.get(element);
        return below?.isMember === true ? [] : [removeFromValue(item, below, schema?.items)];
      });
    default:
      return shape satisfies never;
  }
}
