import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { textOf } from '../../persona/decodeField';

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

const TYPES: readonly SchemaType[] = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

/**
 * The parts of a structural schema (apiextensions.k8s.io/v1) that this server acts on. A node without `type` takes any
 * value, unless it is an integer or a string by `isIntOrString`.
 */
export interface StructuralSchema {
  readonly type?: SchemaType;
  readonly isIntOrString: boolean;
  readonly nullable: boolean;
  readonly properties: ReadonlyMap<string, StructuralSchema>;
  /** What the values of undeclared keys are; `undefined`: there are no such keys. */
  readonly additionalProperties?: StructuralSchema;
  readonly items?: StructuralSchema;
  readonly required: readonly string[];
  readonly hasDefault: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Fields nobody declared are kept. */
  readonly preservesUnknownFields: boolean;
  /** Lists are one value as a whole unless they say otherwise, and so are maps that say `atomic`. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly listMapKeys: readonly string[];
  readonly isAtomicMap: boolean;
}

/** Reads a schema as a CustomResourceDefinition holds it; what is malformed there counts as not said. */
export function decodeStructuralSchema(value: unknown): StructuralSchema {
  const schema = isRecord(value) ? value : {};
  const type = TYPES.find((candidate) => candidate === schema['type']);
  const listType = schema['x-kubernetes-list-type'];
  const format = textOf(schema['format']);
  const pattern = textOf(schema['pattern']);
  return {
    ...(type !== undefined && { type }),
    isIntOrString: schema['x-kubernetes-int-or-string'] === true,
    nullable: schema['nullable'] === true,
    properties: decodeProperties(schema['properties']),
    ...(isRecord(schema['additionalProperties']) && {
      additionalProperties: decodeStructuralSchema(schema['additionalProperties']),
    }),
    ...(schema['items'] !== undefined && { items: decodeStructuralSchema(schema['items']) }),
    required: texts(schema['required']),
    hasDefault: schema['default'] !== undefined,
    ...(schema['default'] !== undefined && { default: schema['default'] }),
    ...(Array.isArray(schema['enum']) && { enum: schema['enum'] }),
    ...(format !== undefined && { format }),
    ...(pattern !== undefined && { pattern }),
    ...numbersOf(schema, 'minLength', 'maxLength', 'minimum', 'maximum'),
    preservesUnknownFields: schema['x-kubernetes-preserve-unknown-fields'] === true,
    listType: listType === 'map' || listType === 'set' ? listType : 'atomic',
    listMapKeys: texts(schema['x-kubernetes-list-map-keys']),
    isAtomicMap: schema['x-kubernetes-map-type'] === 'atomic',
  };
}

function decodeProperties(value: unknown): ReadonlyMap<string, StructuralSchema> {
  return new Map(
    Object.entries(isRecord(value) ? value : {}).map(([name, schema]) => [
      name,
      decodeStructuralSchema(schema),
    ]),
  );
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

type NumberKeyword = 'minLength' | 'maxLength' | 'minimum' | 'maximum';

function numbersOf(schema: JsonRecord, ...keywords: readonly NumberKeyword[]) {
  const numbers: { [keyword in NumberKeyword]?: number } = {};
  for (const keyword of keywords) {
    const value = schema[keyword];
    if (typeof value === 'number') {
      numbers[keyword] = value;
    }
  }
  return numbers;
}
