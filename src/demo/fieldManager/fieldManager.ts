import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import type { StructuralSchema } from '../schema/structuralSchema';
import { ApplyConflict } from './applyConflict';
import { compareFields, fieldsNamedIn } from './compareFields';
import { FieldSet, fieldSetOf } from './fieldSet';
import { fieldsLastApplied, KUBECTL_MANAGER, withLastApplied } from './lastApplied';
import {
  decodeManagedFields,
  encodeManagedFields,
  isSameManager,
  type ManagedEntry,
  type ManagerIdentity,
} from './managedFields';
import { mergeFields, removeFields } from './mergeFields';
import { schemaBelow } from './typedValue';

/** Fields that nobody owns: they say which object it is, or are the server's. */
const UNOWNED = fieldSetOf(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
);

export interface FieldManagerOptions {
  /** Of the whole object, `metadata` included. */
  readonly schema: StructuralSchema;
  readonly identity: ManagerIdentity;
  /** RFC 3339, for entries that change. */
  readonly now: string;
  /** Fields that are set back on this way of writing, so that nobody comes to own them by it. */
  readonly resetFields: FieldSet;
}

/**
 * `next` with `metadata.managedFields` as they are after somebody replaced `live` (`undefined`: there was none) by it: the
 * writer owns what it changed, and nobody else does any more. A writer may set the entries itself: one that is empty resets
 * them, none says nothing.
 */
export function trackUpdate(
  live: JsonRecord | undefined,
  next: JsonRecord,
  options: FieldManagerOptions,
): JsonRecord {
  const { schema, identity, now, resetFields } = options;
  // Who owns what is no matter of a part of the object.
  const given = identity.subresource === '' ? managedFieldsOf(next) : undefined;
  if (live !== undefined && isReset(given)) {
    return withManagedFields(next, []);
  }
  const decoded = decodeManagedFields(given);
  const known =
    decoded !== undefined && decoded.length > 0
      ? decoded
      : (decodeManagedFields(live === undefined ? undefined : managedFieldsOf(live)) ?? []);
  const { changed, lost } = changesBetween(bare(live ?? {}), bare(next), schema, resetFields);
  const own = known.find((entry) => isSameManager(entry, identity));
  const gained = owned(changed);
  const others = known
    .filter((entry) => entry !== own)
    .map((entry) => ({ ...entry, fields: entry.fields.difference(lost) }));
  const mine: ManagedEntry = {
    ...identity,
    fields: own === undefined ? gained : own.fields.difference(lost).union(gained),
    ...(gained.isEmpty ? own?.time !== undefined && { time: own.time } : { time: now }),
  };
  return withManagedFields(next, encodeManagedFields([...others, mine]));
}

/** What applying a configuration came to. */
export interface Applied {
  readonly object: JsonRecord;
  /** Neither the object nor the ownership of its fields changed. */
  readonly isUnchanged: boolean;
}

/**
 * Server-side apply: merges `config` into `live` (`undefined`: there is none), removes what its manager applied before and
 * no longer says unless others own it, and records who owns what. Throws {@link ApplyConflict} where that would change
 * fields of others, unless `force` takes them over.
 */
export function applyConfiguration(
  live: JsonRecord | undefined,
  config: JsonRecord,
  force: boolean,
  options: FieldManagerOptions,
): Applied {
  const { schema, identity, now, resetFields } = options;
  const current = bare(live ?? {});
  const known = decodeManagedFields(live === undefined ? undefined : managedFieldsOf(live)) ?? [];
  const own = known.find((entry) => isSameManager(entry, identity));
  const others = known.filter((entry) => entry !== own);
  const named = fieldsNamedIn(bare(config), schema).recursiveDifference(resetFields);
  const fields = owned(named);
  const merged = mergeFields(current, bare(config), schema);
  const managed = others.reduce((set, entry) => set.union(entry.fields), named);
  const object = own === undefined ? merged : giveUp(merged, own.fields, managed, schema);

  const { changed, lost } = changesBetween(current, object, schema, resetFields);
  const takenOver =
    live !== undefined && identity.manager === KUBECTL_MANAGER
      ? fieldsLastApplied(current, schema)
      : new FieldSet();
  const conflicts = others
    .map((owner) => ({ owner, fields: owner.fields.intersection(changed).difference(takenOver) }))
    .filter((conflict) => !conflict.fields.isEmpty);
  if (conflicts.length > 0 && !force) {
    throw new ApplyConflict(conflicts);
  }
  const isUnchanged = own !== undefined && own.fields.equals(fields) && lost.isEmpty;
  const mine: ManagedEntry = {
    ...identity,
    fields,
    // To own what is there already is no event: only a change of the object has a time.
    ...(lost.isEmpty ? own?.time !== undefined && { time: own.time } : { time: now }),
  };
  const entries = [...others.map((entry) => ({ ...entry, fields: entry.fields.difference(lost) })), mine];
  const result = identity.manager === KUBECTL_MANAGER ? withLastApplied(object, config) : object;
  return { object: withManagedFields(result, encodeManagedFields(entries)), isUnchanged };
}

/**
 * The fields that are new or different after a write, and all that its writer takes from their owners: those and the ones
 * that are gone. What the write sets back does not count.
 */
function changesBetween(
  before: JsonRecord,
  after: JsonRecord,
  schema: StructuralSchema,
  resetFields: FieldSet,
): { readonly changed: FieldSet; readonly lost: FieldSet } {
  const { added, modified, removed } = compareFields(before, after, schema);
  const changed = added.union(modified).recursiveDifference(resetFields);
  return { changed, lost: changed.union(removed.recursiveDifference(resetFields)) };
}

/** Without what was applied before (`former`) and is in nobody's hands any more. */
function giveUp(
  merged: JsonRecord,
  former: FieldSet,
  managed: FieldSet,
  schema: StructuralSchema,
): JsonRecord {
  const gone = withNamedParents(fieldsNamedIn(merged, schema), schema)
    .intersection(withNamedParents(former, schema))
    .difference(withNamedParents(managed, schema));
  return removeFields(merged, gone, schema);
}

/** With the declared fields that something in the set is below of. */
function withNamedParents(set: FieldSet, schema: StructuralSchema): FieldSet {
  const result = new FieldSet();
  const visit = (
    node: FieldSet,
    nodeSchema: StructuralSchema | undefined,
    path: readonly string[],
    isNamed: boolean,
  ): void => {
    if (node.isMember || isNamed) {
      result.insert(path);
    }
    for (const [element, child] of node.children) {
      const isDeclared = element.startsWith('f:') && nodeSchema?.properties.has(element.slice(2)) === true;
      visit(child, schemaBelow(nodeSchema, element), [...path, element], isDeclared);
    }
  };
  visit(set, schema, [], false);
  return result;
}

function owned(set: FieldSet): FieldSet {
  return set.difference(UNOWNED);
}

function managedFieldsOf(object: JsonRecord): unknown {
  const { metadata } = object;
  return isRecord(metadata) ? metadata['managedFields'] : undefined;
}

function isReset(given: unknown): boolean {
  const [entry, ...more]: readonly unknown[] = Array.isArray(given) ? given : [];
  return isRecord(entry) && Object.keys(entry).length === 0 && more.length === 0;
}

/** Without `metadata.managedFields`, which are no field of the object as far as ownership goes. */
function bare(object: JsonRecord): JsonRecord {
  const { metadata } = object;
  if (!isRecord(metadata) || metadata['managedFields'] === undefined) {
    return object;
  }
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

function withManagedFields(object: JsonRecord, entries: readonly JsonRecord[]): JsonRecord {
  const stripped = bare(object);
  const { metadata } = stripped;
  return entries.length === 0
    ? stripped
    : { ...stripped, metadata: { ...(isRecord(metadata) ? metadata : {}), managedFields: entries } };
}
