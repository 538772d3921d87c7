import assert from 'node:assert/strict';
import {
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  type ApiResource,
} from '../../../../src/demo/apiServer/apiResource';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { decodeReviewBody } from '../../../../src/demo/access/reviewBody';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

// What kubectl 1.36 sent.
const CAN_I_LIST_PERSONA =
  'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSVAoQCgASABoAIgAqADIAOABCABI2CjQKB2Rl' +
  'ZmF1bHQSBGxpc3QaCGRvcmd1LmlvIgAqD2NsdXN0ZXJwZXJzb25hczIAOgRwcm9kGggIABIAGgAgABoAIgA=';
const CAN_I_GET_PATH =
  'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSKwoQCgASABoAIgAqADIAOABCABINEgsKBC9m' +
  'b28SA2dldBoICAASABoAIAAaACIA';
const CAN_I_LIST_ALL =
  'azhzAAoxChdhdXRob3JpemF0aW9uLms4cy5pby92MRIWU2VsZlN1YmplY3RSdWxlc1JldmlldxIjChAKABIAGgAiACoAMgA4AEIAEgkKB2RlZmF1' +
  'bHQaBBgAIgAaACIA';
const WHO_AM_I =
  'azhzAAotChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESEVNlbGZTdWJqZWN0UmV2aWV3EhoKEAoAEgAaACIAKgAyADgAQgASBgoECgASABoAIgA=';

function decodeCaptured(resource: ApiResource, base64: string) {
  return decodeReviewBody(resource, PROTOBUF, new Uint8Array(Buffer.from(base64, 'base64')));
}

function refusalOf(contentType: string | undefined, body: string | Uint8Array): string {
  try {
    decodeReviewBody(SELF_SUBJECT_ACCESS_REVIEWS, contentType, body);
  } catch (error) {
    return error instanceof ApiStatusError ? `${error.status.code} ${error.status.message}` : String(error);
  }
  return 'accepted';
}

describe("a review's body", () => {
  it('is read as kubectl sends it, in protobuf', () => {
    assert.deepEqual(decodeCaptured(SELF_SUBJECT_ACCESS_REVIEWS, CAN_I_LIST_PERSONA), {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: {
        resourceAttributes: {
          namespace: 'default',
          verb: 'list',
          group: 'dorgu.io',
          resource: 'clusterpersonas',
          name: 'prod',
        },
      },
    });
    assert.deepEqual(decodeCaptured(SELF_SUBJECT_ACCESS_REVIEWS, CAN_I_GET_PATH)['spec'], {
      nonResourceAttributes: { path: '/foo', verb: 'get' },
    });
    assert.deepEqual(decodeCaptured(SELF_SUBJECT_RULES_REVIEWS, CAN_I_LIST_ALL)['spec'], {
      namespace: 'default',
    });
    assert.equal(decodeCaptured(SELF_SUBJECT_REVIEWS, WHO_AM_I)['kind'], 'SelfSubjectReview');
  });

  it('gathers what a message repeats', () => {
    // Envelope field 2: the review; its field 2: the spec; of that fields 3 and 4, the latter twice.
    const spec = [0x1a, 1, 0x75, 0x22, 1, 0x61, 0x22, 1, 0x62];
    const review = [0x12, spec.length, ...spec];
    const bytes = Uint8Array.from([0x6b, 0x38, 0x73, 0, 0x12, review.length, ...review]);
    assert.deepEqual(decodeReviewBody(SUBJECT_ACCESS_REVIEWS, PROTOBUF, bytes), {
      spec: { user: 'u', groups: ['a', 'b'] },
    });
  });

  it('may be JSON or YAML, as text or as bytes', () => {
    const expected = { kind: 'SelfSubjectAccessReview', spec: {} };
    const json = JSON.stringify(expected);
    for (const body of [json, new TextEncoder().encode(json)]) {
      assert.deepEqual(
        decodeReviewBody(SELF_SUBJECT_ACCESS_REVIEWS, 'application/json; charset=utf-8', body),
        expected,
      );
    }
    assert.deepEqual(
      decodeReviewBody(
        SELF_SUBJECT_ACCESS_REVIEWS,
        'application/yaml',
        'kind: SelfSubjectAccessReview\nspec: {}\n',
      ),
      expected,
    );
  });

  it('is refused where it is broken, of another kind or of another type', () => {
    assert.match(refusalOf('application/json', 'not json'), /^400 the object provided is unrecognized/);
    assert.match(refusalOf('application/json', '[]'), /^400 the object provided is unrecognized/);
    assert.match(refusalOf('application/yaml', 'a: ['), /^400 the object provided is unrecognized/);
    const bytes = new Uint8Array(Buffer.from(CAN_I_LIST_ALL, 'base64'));
    assert.match(refusalOf(PROTOBUF, bytes.subarray(0, 30)), /a field is longer than its message/);
    assert.match(refusalOf(PROTOBUF, '{}'), /expected prefix k8s/);
    assert.equal(
      refusalOf('application/json', '{"kind":"Pod","apiVersion":"v1"}'),
      '400 Pod in version "v1" cannot be handled as a SelfSubjectAccessReview: no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    );
    assert.equal(
      refusalOf('text/plain', 'x'),
      '415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
  });
});
