import { load, YAMLException } from 'js-yaml';
import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import {
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  TOKEN_REVIEWS,
  type ApiResource,
} from '../apiServer/apiResource';
import { ApiStatusError, badRequest, unsupportedMediaType } from '../apiServer/apiStatus';
import {
  decodeKubernetesProtobuf,
  ProtobufError,
  type ProtobufField,
  type ProtobufFields,
} from './protobufMessage';

const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';
const ACCEPTED_TYPES = ['application/json', 'application/yaml', PROTOBUF_TYPE];

function texts(...names: readonly string[]): ProtobufFields {
  return Object.fromEntries(names.map((name, index) => [index + 1, { name, type: 'string' }]));
}

function message(name: string, fields: ProtobufFields): ProtobufField {
  return { name, type: 'message', fields };
}

// The numbers are those of k8s.io/api/authorization/v1 and k8s.io/api/authentication/v1.
const METADATA = message('metadata', { 1: { name: 'name', type: 'string' } });
const ATTRIBUTES: ProtobufFields = {
  1: message(
    'resourceAttributes',
    texts('namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'),
  ),
  2: message('nonResourceAttributes', texts('path', 'verb')),
};

/** What a review asks, in protobuf. A SelfSubjectReview asks nothing. */
const SPECS: ReadonlyMap<ApiResource, ProtobufFields> = new Map([
  [SELF_SUBJECT_ACCESS_REVIEWS, ATTRIBUTES],
  [
    SUBJECT_ACCESS_REVIEWS,
    {
      ...ATTRIBUTES,
      3: { name: 'user', type: 'string' },
      4: { name: 'groups', type: 'strings' },
      6: { name: 'uid', type: 'string' },
    },
  ],
  [SELF_SUBJECT_RULES_REVIEWS, texts('namespace')],
  [TOKEN_REVIEWS, { 1: { name: 'token', type: 'string' }, 2: { name: 'audiences', type: 'strings' } }],
]);

/**
 * Reads the body of a request that creates a review: JSON, YAML, or protobuf, which kubectl sends and for which it has no
 * second choice. Throws {@link ApiStatusError}.
 */
export function decodeReviewBody(
  resource: ApiResource,
  contentType: string | undefined,
  body: string | Uint8Array,
): JsonRecord {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const review = parse(resource, type, body);
  const { kind, apiVersion } = review;
  if (typeof kind === 'string' && kind !== '' && kind !== resource.kind) {
    throw new ApiStatusError(
      badRequest(
        `${kind} in version ${JSON.stringify(apiVersion ?? '')} cannot be handled as a ${resource.kind}`,
      ),
    );
  }
  return review;
}

function parse(resource: ApiResource, type: string, body: string | Uint8Array): JsonRecord {
  try {
    switch (type) {
      case '':
      case 'application/json':
        return record(resource, JSON.parse(textOf(body)));
      case 'application/yaml':
        return record(resource, load(textOf(body)));
      case PROTOBUF_TYPE: {
        const spec = SPECS.get(resource);
        const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
        return decodeKubernetesProtobuf(bytes, {
          1: METADATA,
          ...(spec !== undefined && { 2: message('spec', spec) }),
        });
      }
      default:
        throw new ApiStatusError(unsupportedMediaType(ACCEPTED_TYPES));
    }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof YAMLException || error instanceof ProtobufError) {
      throw unrecognized(resource, error.message);
    }
    throw error;
  }
}

function record(resource: ApiResource, value: unknown): JsonRecord {
  if (!isRecord(value)) {
    throw unrecognized(resource, 'it is no object');
  }
  return value;
}

function unrecognized(resource: ApiResource, why: string): ApiStatusError {
  return new ApiStatusError(
    badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; ${why}`,
    ),
  );
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
