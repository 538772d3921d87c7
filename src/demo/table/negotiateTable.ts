import { ApiStatusError, badRequest } from '../apiServer/apiStatus';
import { acceptsJson, parseAccept } from '../discovery/mediaRange';

/** Versions of `meta.k8s.io` in which the API server still writes tables and bare metadata. */
export type MetaVersion = 'v1' | 'v1beta1';

/** The form in which a client wants objects. */
export type ObjectForm =
  | { readonly type: 'object' }
  | { readonly type: 'table'; readonly version: MetaVersion }
  | {
      /** Metadata alone. A list comes as a PartialObjectMetadataList, an object or a watch as PartialObjectMetadata. */
      readonly type: 'partial';
      readonly isList: boolean;
      readonly version: MetaVersion;
    }
  | { readonly type: 'unacceptable'; readonly message: string };

/** How much of an object a table carries in each row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** The media types that this server writes. */
const ACCEPTED = 'only the following media types are accepted: application/json';

/** Takes the first form that the server can write from an Accept header; without one, whole objects. */
export function negotiateTable(accept: string | undefined): ObjectForm {
  for (const range of parseAccept(accept)) {
    if (!acceptsJson(range)) {
      continue;
    }
    const { parameters } = range;
    const as = parameters.get('as');
    if (as === undefined) {
      return { type: 'object' };
    }
    const version = parameters.get('v');
    if (parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1')) {
      switch (as) {
        case 'Table':
          return { type: 'table', version };
        case 'PartialObjectMetadata':
          return { type: 'partial', isList: false, version };
        case 'PartialObjectMetadataList':
          return { type: 'partial', isList: true, version };
        default:
      }
    }
  }
  return { type: 'unacceptable', message: ACCEPTED };
}

/** Reads `includeObject`. Throws {@link ApiStatusError}. */
export function parseIncludeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  switch (value) {
    case '':
      return 'Metadata';
    case 'None':
    case 'Metadata':
    case 'Object':
      return value;
    default:
      throw new ApiStatusError(
        badRequest(
          `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
        ),
      );
  }
}
