import { OBJECT_META_SCHEMA } from '../schema/objectMetaSchema';
import { decodeStructuralSchema, type StructuralSchema } from '../schema/structuralSchema';

const TEXT = decodeStructuralSchema({ type: 'string' });

/** The schema of whole objects: a definition says nothing about what all objects have. */
export function withObjectFields(schema: StructuralSchema): StructuralSchema {
  return {
    ...schema,
    properties: new Map([
      ...schema.properties,
      ['apiVersion', TEXT],
      ['kind', TEXT],
      ['metadata', OBJECT_META_SCHEMA],
    ]),
  };
}
