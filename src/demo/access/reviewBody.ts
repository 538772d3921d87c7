import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { textOf } from '../../persona/decodeField';
import {
  apiVersionOf,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  TOKEN_REVIEWS,
  type ApiResource,
} from '../apiServer/apiResource';
import { ApiStatusError, badRequest, unsupportedMediaType } from '../apiServer/apiStatus';
import { JSON_TYPE, mediaTypeOf, parseJson, parseYaml, textOfBody, YAML_TYPE } from '../registry/requestBody';
import {
  decodeKubernetesProtobuf,
  ProtobufError,
  type ProtobufField,
  type ProtobufFields,
} from './protobufMessage';

const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';
const ACCEPTED_TYPES = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE];

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
  const review = parse(resource, mediaTypeOf(contentType) || JSON_TYPE, body);
  const expected = apiVersionOf(resource);
  const givenKind = textOf(review['kind']) ?? resource.kind;
  const givenVersion = textOf(review['apiVersion']) ?? expected;
  if (givenKind !== resource.kind || givenVersion !== expected) {
    throw new ApiStatusError(
      badRequest(
        `${givenKind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: no kind ${JSON.stringify(givenKind)} is registered for version ${JSON.stringify(givenVersion)} in scheme "pkg/runtime/scheme.go:111"`,
      ),
    );
  }
  return review;
}

function parse(resource: ApiResource, type: string, body: string | Uint8Array): JsonRecord {
  switch (type) {
    case JSON_TYPE:
      return record(resource, parseJson(textOfBody(body), `${unrecognized(resource)}; json parse error`));
    case YAML_TYPE:
      return record(resource, parseYaml(textOfBody(body), unrecognized(resource)));
    case PROTOBUF_TYPE:
      return parseProtobuf(resource, typeof body === 'string' ? new TextEncoder().encode(body) : body);
    default:
      throw new ApiStatusError(unsupportedMediaType(ACCEPTED_TYPES));
  }
}

function parseProtobuf(resource: ApiResource, bytes: Uint8Array): JsonRecord {
  const spec = SPECS.get(resource);
  try {
    return decodeKubernetesProtobuf(bytes, {
      1: METADATA,
      ...(spec !== undefined && { 2: message('spec', spec) }),
    });
  } catch (error) {
    if (error instanceof ProtobufError) {
      throw new ApiStatusError(badRequest(`${unrecognized(resource)}: ${error.message}`));
    }
    throw error;
  }
}

function record(resource: ApiResource, value: unknown): JsonRecord {
  if (!isRecord(value)) {
    throw new ApiStatusError(badRequest(`${unrecognized(resource)}: it is no object`));
  }
  return value;
}

function unrecognized({ kind }: ApiResource): string {
  return `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind`;
}
