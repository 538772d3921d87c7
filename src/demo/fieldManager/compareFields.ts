import type { StructuralSchema } from '../schema/structuralSchema';
import { FieldSet, type PathElement } from './fieldSet';
import { deepEqual, schemaBelow, shapeOf, type Shape } from './typedValue';

/** How one object differs from another, field by field. */
export interface FieldComparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/**
 * What changes from `before` to `after`. A map or list item that appears or vanishes counts as a field itself, beside the
 * fields in it.
 */
export function compareFields(
  before: unknown,
  after: unknown,
  schema: StructuralSchema | undefined,
): FieldComparison {
  const comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  compareValue(before, after, schema, [], comparison);
  return comparison;
}

function compareValue(
  before: unknown,
  after: unknown,
  schema: StructuralSchema | undefined,
  path: readonly PathElement[],
  comparison: FieldComparison,
): void {
  if (before === undefined) {
    comparison.added.insert(path);
  } else if (after === undefined) {
    comparison.removed.insert(path);
  }
  const shapeBefore = shapeOf(before, schema);
  const shapeAfter = shapeOf(after, schema);
  const childrenBefore = childrenOf(shapeBefore);
  const childrenAfter = childrenOf(shapeAfter);
  const isLeaf =
    (childrenBefore.size === 0 && childrenAfter.size === 0) ||
    (before !== undefined && after !== undefined && shapeBefore.type !== shapeAfter.type);
  if (isLeaf) {
    if (before !== undefined && after !== undefined && !deepEqual(before, after)) {
      comparison.modified.insert(path);
    }
    return;
  }
  for (const [element, child] of childrenBefore) {
    compareValue(
      child,
      childrenAfter.get(element),
      schemaBelow(schema, element),
      [...path, element],
      comparison,
    );
  }
  for (const [element, child] of childrenAfter) {
    if (!childrenBefore.has(element)) {
      compareValue(undefined, child, schemaBelow(schema, element), [...path, element], comparison);
    }
  }
}

/** The fields that a configuration names, which whoever applies it comes to own. */
export function fieldsNamedIn(value: unknown, schema: StructuralSchema | undefined): FieldSet {
  const set = new FieldSet();
  nameFields(value, schema, [], set);
  return set;
}

function nameFields(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: readonly PathElement[],
  set: FieldSet,
): void {
  const shape = shapeOf(value, schema);
  const children = childrenOf(shape);
  // A list without items says nothing about any of them; an empty map is something by itself.
  if (children.size === 0 && path.length > 0 && shape.type !== 'items') {
    set.insert(path);
    return;
  }
  for (const [element, child] of children) {
    const childPath = [...path, element];
    nameFields(child, schemaBelow(schema, element), childPath, set);
    // Only what the schema declares goes without saying: keys of free maps and items of lists are fields themselves.
    if (!element.startsWith('f:') || schema?.properties.has(element.slice(2)) !== true) {
      set.insert(childPath);
    }
  }
}

function childrenOf(shape: Shape): ReadonlyMap<PathElement, unknown> {
  switch (shape.type) {
    case 'leaf':
      return new Map();
    case 'items':
      return shape.items;
    case 'fields':
      return new Map(
        Object.entries(shape.record)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [`f:${name}`, value]),
      );
    default:
      return shape satisfies never;
  }
}
