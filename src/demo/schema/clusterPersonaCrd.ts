import { load } from 'js-yaml';
import crdText from '../../../deploy/crd/clusterpersonas.yaml';
import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { listOf, recordOf, textOf, textsOf } from '../../persona/decodeField';
import { decodeStructuralSchema, type StructuralSchema } from './structuralSchema';

/** A column that `kubectl get` shows, as the definition asks for it. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Columns of 0 are always shown, others with `-o wide` only. */
  readonly priority: number;
  readonly jsonPath: string;
}

/** An `apiextensions.k8s.io/v1` CustomResourceDefinition with one version. */
export interface CustomResourceDefinition {
  /** The whole manifest, as it would be applied. */
  readonly manifest: JsonRecord;
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly names: {
    readonly kind: string;
    readonly listKind: string;
    readonly plural: string;
    readonly singular: string;
    readonly shortNames: readonly string[];
    readonly categories: readonly string[];
  };
  readonly namespaced: boolean;
  readonly printerColumns: readonly PrinterColumn[];
  /** `openAPIV3Schema`, as it was written. */
  readonly openApiSchema: JsonRecord;
  readonly schema: StructuralSchema;
}

let crd: CustomResourceDefinition | undefined;

/** The definition of ClusterPersonas that the project ships, parsed at the first call. */
export function clusterPersonaCrd(): CustomResourceDefinition {
  crd ??= decodeCrd(load(crdText));
  return crd;
}

function decodeCrd(manifest: unknown): CustomResourceDefinition {
  const spec = isRecord(manifest) ? recordOf(manifest['spec']) : undefined;
  const versions: unknown = spec?.['versions'];
  const version: unknown = Array.isArray(versions) ? versions[0] : undefined;
  const openApiSchema = isRecord(version)
    ? recordOf(recordOf(version['schema'])?.['openAPIV3Schema'])
    : undefined;
  if (!isRecord(manifest) || spec === undefined || !isRecord(version) || openApiSchema === undefined) {
    throw new TypeError('the bundled resource definition has no version with a schema');
  }
  const names = recordOf(spec['names']) ?? {};
  return {
    manifest,
    name: required(recordOf(manifest['metadata']) ?? {}, 'name'),
    group: required(spec, 'group'),
    version: required(version, 'name'),
    names: {
      kind: required(names, 'kind'),
      listKind: required(names, 'listKind'),
      plural: required(names, 'plural'),
      singular: required(names, 'singular'),
      shortNames: textsOf(names['shortNames']) ?? [],
      categories: textsOf(names['categories']) ?? [],
    },
    namespaced: spec['scope'] === 'Namespaced',
    printerColumns: listOf(version['additionalPrinterColumns'], decodePrinterColumn).items ?? [],
    openApiSchema,
    schema: decodeStructuralSchema(openApiSchema),
  };
}

function decodePrinterColumn(column: JsonRecord): PrinterColumn {
  const { priority } = column;
  return {
    name: required(column, 'name'),
    type: required(column, 'type'),
    format: textOf(column['format']) ?? '',
    description: textOf(column['description']) ?? '',
    priority: typeof priority === 'number' ? priority : 0,
    jsonPath: required(column, 'jsonPath'),
  };
}

function required(record: JsonRecord, field: string): string {
  const text = textOf(record[field]);
  if (text === undefined) {
    throw new TypeError(`the bundled resource definition lacks ${field}`);
  }
  return text;
}
