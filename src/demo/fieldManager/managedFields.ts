import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { FieldSet } from './fieldSet';

/** Who owns fields: entries with equal identities are one manager. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

export interface ManagedEntry extends ManagerIdentity {
  readonly fields: FieldSet;
  /** RFC 3339, when the manager last changed what it owns; absent where nobody knows. */
  readonly time?: string;
}

/** Reads `metadata.managedFields`. `undefined` where it is not a list of entries that can be read. */
export function decodeManagedFields(value: unknown): readonly ManagedEntry[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const entries = value.map(decodeEntry);
  const readable = entries.filter((entry) => entry !== undefined);
  return readable.length === entries.length ? readable : undefined;
}

function decodeEntry(value: unknown): ManagedEntry | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const { manager, operation, apiVersion, subresource, time, fieldsV1, fieldsType } = value;
  if (
    (operation !== 'Apply' && operation !== 'Update') ||
    typeof apiVersion !== 'string' ||
    fieldsType !== 'FieldsV1'
  ) {
    return undefined;
  }
  const fields = FieldSet.fromFieldsV1(fieldsV1);
  if (fields === undefined) {
    return undefined;
  }
  return {
    manager: typeof manager === 'string' ? manager : '',
    operation,
    apiVersion,
    subresource: typeof subresource === 'string' ? subresource : '',
    fields,
    ...(typeof time === 'string' && { time }),
  };
}

/** In the order of the API server: what was applied first, then by time and name. Owners of nothing are left out. */
export function encodeManagedFields(entries: readonly ManagedEntry[]): readonly JsonRecord[] {
  return entries
    .filter((entry) => entry.fields.children.size > 0)
    .toSorted(
      (a, b) =>
        compareTexts(a.operation, b.operation) ||
        compareTexts(a.time ?? '', b.time ?? '') ||
        compareTexts(a.manager, b.manager) ||
        compareTexts(a.apiVersion, b.apiVersion) ||
        compareTexts(a.subresource, b.subresource),
    )
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fields.toFieldsV1(),
      ...(subresource !== '' && { subresource }),
    }));
}

export function isSameManager(a: ManagerIdentity, b: ManagerIdentity): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
