import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { recordOf, textOf, textsOf } from '../../persona/decodeField';
import {
  apiVersionOf,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  TOKEN_REVIEWS,
  type ApiResource,
} from '../apiServer/apiResource';
import { ApiStatusError, badRequest, invalidKind } from '../apiServer/apiStatus';
import { isAllowed, rulesOf } from './authorizer';
import type { RequestAttributes } from './requestAttributes';
import type { UserInfo } from './userInfo';
import type { TokenLookup } from './users';

export interface ReviewContext {
  readonly requester: UserInfo;
  readonly lookUpToken: TokenLookup;
  /** RFC 3339. */
  readonly now: string;
}

/** What a token is for where nobody says otherwise. */
const AUDIENCE = 'https://kubernetes.default.svc';

const RESOURCE_FIELDS = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'] as const;
const PATH_FIELDS = ['path', 'verb'] as const;

const REVIEWS: readonly ApiResource[] = [
  SELF_SUBJECT_ACCESS_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  TOKEN_REVIEWS,
  SELF_SUBJECT_REVIEWS,
];

/** Whether objects of this resource are questions, answered by {@link answerReview} and never kept. */
export function isReview(resource: ApiResource): boolean {
  return REVIEWS.includes(resource);
}

/** The body of the 201 that answers a review: the review with its status. Throws {@link ApiStatusError}. */
export function answerReview(resource: ApiResource, review: JsonRecord, context: ReviewContext): JsonRecord {
  const head = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata: {} };
  const spec = recordOf(review['spec']) ?? {};
  switch (resource) {
    case SELF_SUBJECT_ACCESS_REVIEWS:
      return { ...head, ...accessReview(spec, context.requester, {}) };
    case SUBJECT_ACCESS_REVIEWS: {
      const user = textOf(spec['user']);
      const groups = textsOf(spec['groups']) ?? [];
      const uid = textOf(spec['uid']);
      if (user === undefined && groups.length === 0) {
        throw invalidSpec('spec.user', 'Invalid value: "": at least one of user or group must be specified');
      }
      const subject = {
        ...(user !== undefined && { user }),
        ...(groups.length > 0 && { groups }),
        ...(uid !== undefined && { uid }),
      };
      return { ...head, ...accessReview(spec, { username: user ?? '', groups }, subject) };
    }
    case SELF_SUBJECT_RULES_REVIEWS:
      if (textOf(spec['namespace']) === undefined) {
        throw new ApiStatusError(badRequest('no namespace on request'));
      }
      return { ...head, spec: {}, status: { ...rulesOf(context.requester), incomplete: false } };
    case TOKEN_REVIEWS:
      return { ...head, ...tokenReview(spec, context.lookUpToken) };
    case SELF_SUBJECT_REVIEWS:
      return {
        ...head,
        metadata: { creationTimestamp: context.now },
        status: { userInfo: context.requester },
      };
    default:
      throw new TypeError(`${resource.kind} is no review`);
  }
}

function accessReview(spec: JsonRecord, user: UserInfo, subject: JsonRecord): JsonRecord {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isRecord(resource) === isRecord(path)) {
    throw isRecord(path)
      ? invalidSpec(
          'spec.nonResourceAttributes',
          `Invalid value: ${JSON.stringify({ Path: path['path'] ?? '', Verb: path['verb'] ?? '' })}: cannot be specified in combination with resourceAttributes`,
        )
      : invalidSpec(
          'spec.resourceAttributes',
          'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        );
  }
  return {
    spec: {
      ...(isRecord(resource) && { resourceAttributes: textsAt(resource, RESOURCE_FIELDS) }),
      ...(isRecord(path) && { nonResourceAttributes: textsAt(path, PATH_FIELDS) }),
      ...subject,
    },
    status: { allowed: isAllowed(user, attributesOf(recordOf(resource), recordOf(path))) },
  };
}

function attributesOf(resource: JsonRecord | undefined, path: JsonRecord | undefined): RequestAttributes {
  if (resource === undefined) {
    return { type: 'path', verb: textOf(path?.['verb']) ?? '', path: textOf(path?.['path']) ?? '' };
  }
  const { subresource, namespace, name } = textsAt(resource, RESOURCE_FIELDS);
  return {
    type: 'resource',
    verb: textOf(resource['verb']) ?? '',
    group: textOf(resource['group']) ?? '',
    resource: textOf(resource['resource']) ?? '',
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function tokenReview(spec: JsonRecord, lookUpToken: TokenLookup): JsonRecord {
  const token = textOf(spec['token']);
  if (token === undefined) {
    throw new ApiStatusError(badRequest('token is required for TokenReview in authentication'));
  }
  const user = lookUpToken(token);
  return {
    spec: { token },
    status:
      user === undefined
        ? { user: {}, error: 'invalid bearer token' }
        : { authenticated: true, user, audiences: [AUDIENCE] },
  };
}

function textsAt<K extends string>(
  record: JsonRecord,
  fields: readonly K[],
): { readonly [key in K]?: string } {
  const result: { [key in K]?: string } = {};
  for (const field of fields) {
    const text = textOf(record[field]);
    if (text !== undefined) {
      result[field] = text;
    }
  }
  return result;
}

function invalidSpec(field: string, message: string): ApiStatusError {
  return new ApiStatusError(
    invalidKind('', 'authorization.k8s.io', '', [{ reason: 'FieldValueInvalid', field, message }]),
  );
}
