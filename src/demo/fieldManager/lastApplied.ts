import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { sortedKeys } from '../schema/sortedKeys';
import { setField } from '../schema/pruning';
import type { StructuralSchema } from '../schema/structuralSchema';
import { compareFields, fieldsNamedIn } from './compareFields';
import { FieldSet } from './fieldSet';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager by whose name kubectl applies; only for it the annotation of its client-side apply is looked at. */
export const KUBECTL_MANAGER = 'kubectl';

/**
 * Fields that kubectl itself set by client-side apply, and nobody has changed since: server-side apply may take them over
 * from whoever owns them, so that people can move from one to the other.
 */
export function fieldsLastApplied(live: JsonRecord, schema: StructuralSchema): FieldSet {
  const config = lastAppliedOf(live);
  if (config === undefined) {
    return new FieldSet();
  }
  const { modified, removed } = compareFields(config, live, schema);
  return fieldsNamedIn(config, schema).difference(modified.union(removed));
}

/** Where `object` has the annotation, it comes to say what was applied now. */
export function withLastApplied(object: JsonRecord, config: JsonRecord): JsonRecord {
  const { metadata } = object;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isRecord(metadata) || !isRecord(annotations) || !Object.hasOwn(annotations, ANNOTATION)) {
    return object;
  }
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: { ...annotations, [ANNOTATION]: `${JSON.stringify(sortedKeys(withoutIt(config)))}\n` },
    },
  };
}

function lastAppliedOf({ metadata }: JsonRecord): JsonRecord | undefined {
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  const text = isRecord(annotations) ? annotations[ANNOTATION] : undefined;
  if (typeof text !== 'string') {
    return undefined;
  }
  try {
    const config: unknown = JSON.parse(text);
    return isRecord(config) ? config : undefined;
  } catch {
    // Anybody may write an annotation; one that cannot be read allows nothing.
    return undefined;
  }
}

function withoutIt(config: JsonRecord): JsonRecord {
  const { metadata } = config;
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isRecord(metadata) || !isRecord(annotations)) {
    return config;
  }
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(annotations)) {
    if (name !== ANNOTATION) {
      setField(kept, name, value);
    }
  }
  return { ...config, metadata: { ...metadata, annotations: kept } };
}
