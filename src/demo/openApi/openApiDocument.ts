import type { JsonRecord } from '../../base/jsonRecord';
import { seedOf } from '../chance';
import { apiGroups, type ApiGroup } from '../discovery/apiGroups';
import { META_SCHEMAS } from './metaSchemas';
import { resourcePaths } from './resourcePaths';
import { resourceSchemas } from './resourceSchemas';

export interface OpenApiDocument {
  readonly contentType: string;
  readonly document: object;
}

const ROOT = '/openapi/v3';

/** They never change while the server runs. */
const documents = new Map<string, JsonRecord>();

/**
 * The OpenAPI v3 documents of the server: the index at `/openapi/v3`, and one a group and version below it, as
 * `/openapi/v3/apis/dorgu.io/v1`. `undefined` where there is none, also for OpenAPI v2, without which kubectl gets along.
 */
export function openApiDocument(pathname: string): OpenApiDocument | undefined {
  if (pathname === ROOT || pathname === `${ROOT}/`) {
    // A real server calls its index plain text; clients read it by its path.
    return { contentType: 'text/plain; charset=utf-8', document: { paths: indexPaths() } };
  }
  const group = apiGroups().find((candidate) => pathname === `${ROOT}${rootOf(candidate)}`);
  return group === undefined ? undefined : { contentType: 'application/json', document: documentOf(group) };
}

function indexPaths(): JsonRecord {
  return Object.fromEntries(
    apiGroups().map((group) => {
      const root = rootOf(group);
      // Clients keep a document for as long as this hash stays the same.
      const hash = seedOf(JSON.stringify(documentOf(group)))
        .toString(16)
        .toUpperCase();
      return [root.slice(1), { serverRelativeURL: `${ROOT}${root}?hash=${hash}` }];
    }),
  );
}

function documentOf(group: ApiGroup): JsonRecord {
  const root = rootOf(group);
  let document = documents.get(root);
  if (document === undefined) {
    document = {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'v1' },
      paths: merged(group.resources.map((resource) => resourcePaths(root, resource))),
      components: { schemas: merged([META_SCHEMAS, ...group.resources.map(resourceSchemas)]) },
    };
    documents.set(root, document);
  }
  return document;
}

function rootOf({ name, version }: ApiGroup): string {
  return name === '' ? `/api/${version}` : `/apis/${name}/${version}`;
}

function merged(records: readonly JsonRecord[]): JsonRecord {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record)));
}
