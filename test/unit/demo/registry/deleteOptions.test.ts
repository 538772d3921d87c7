import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { parseDeleteOptions, type DeleteOptions } from '../../../../src/demo/registry/deleteOptions';

function parse(body: string, query = '', contentType?: string): DeleteOptions {
  return parseDeleteOptions(body, contentType, new URLSearchParams(query));
}

function refused(code: number, message: RegExp | string) {
  return (error: unknown) =>
    error instanceof ApiStatusError &&
    error.status.code === code &&
    (typeof message === 'string' ? error.status.message === message : message.test(error.status.message));
}

const UNSUPPORTED_DRY_RUN =
  'DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Foo"]: supported values: "All"';

describe('the options of a deletion', () => {
  it('come from the body, or from the query where there is none', () => {
    assert.deepEqual(parse(''), { isDryRun: false });
    assert.deepEqual(parse('', 'dryRun=All&orphanDependents=false&gracePeriodSeconds=-3'), {
      isDryRun: true,
      orphanDependents: false,
    });
    const body = { dryRun: ['All', 'All'], preconditions: { uid: 'u', resourceVersion: '7' } };
    assert.deepEqual(parse(JSON.stringify(body)), { isDryRun: true, uid: 'u', resourceVersion: '7' });
    assert.deepEqual(parse('{}', 'dryRun=Foo&propagationPolicy=Foo'), { isDryRun: false });
    assert.deepEqual(parse('dryRun: [All]', '', 'application/yaml'), { isDryRun: true });
  });

  it('may be of any group, may have fields nobody knows, and null for what is not said', () => {
    for (const apiVersion of ['v1', 'dorgu.io/v1', 'meta.k8s.io/v1']) {
      assert.deepEqual(parse(JSON.stringify({ kind: 'DeleteOptions', apiVersion, DryRun: 5, more: {} })), {
        isDryRun: false,
      });
    }
    const nothing = { dryRun: null, preconditions: null, gracePeriodSeconds: null, propagationPolicy: null };
    assert.deepEqual(parse(JSON.stringify(nothing)), { isDryRun: false });
    assert.deepEqual(parse('null'), { isDryRun: false });
    assert.deepEqual(parse('{"__proto__":{"dryRun":["All"]}}'), { isDryRun: false });
  });

  for (const [body, message] of [
    ['{', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    ['[]', /^couldn't get version\/kind; json parse error: json: cannot unmarshal array into Go value/],
    [
      '{"kind":5}',
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ],
    [
      '{"kind":"Pod","apiVersion":"v1"}',
      'no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      '{"gracePeriodSeconds":"x"}',
      'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
    [
      '{"gracePeriodSeconds":1.5}',
      'json: cannot unmarshal number 1.5 into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
    ],
    [
      '{"dryRun":"All"}',
      'json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string',
    ],
    [
      '{"dryRun":[1]}',
      'json: cannot unmarshal number into Go struct field DeleteOptions.dryRun of type string',
    ],
    [
      '{"orphanDependents":5}',
      'json: cannot unmarshal number into Go struct field DeleteOptions.orphanDependents of type bool',
    ],
    [
      '{"propagationPolicy":true}',
      'json: cannot unmarshal bool into Go struct field DeleteOptions.propagationPolicy of type v1.DeletionPropagation',
    ],
    [
      '{"preconditions":5}',
      'json: cannot unmarshal number into Go struct field DeleteOptions.preconditions of type v1.Preconditions',
    ],
    [
      '{"preconditions":{"uid":{}}}',
      'json: cannot unmarshal object into Go struct field Preconditions.preconditions.uid of type types.UID',
    ],
  ] as const) {
    it(`are no ${body}`, () => {
      assert.throws(() => parse(body), refused(400, message));
    });
  }

  it('have few values that are valid', () => {
    for (const [body, query] of [
      ['{"dryRun":["Foo"]}', ''],
      ['', 'dryRun=Foo'],
    ] as const) {
      assert.throws(() => parse(body, query), refused(422, UNSUPPORTED_DRY_RUN));
    }
    assert.throws(() => parse('', 'dryRun='), refused(422, /dryRun: Unsupported value: \[""\]/));
    assert.throws(
      () => parse('{"propagationPolicy":"Foo"}'),
      refused(
        422,
        'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"',
      ),
    );
    assert.throws(() => parse('', 'propagationPolicy='), refused(422, /Unsupported value: ""/));
    assert.throws(
      () => parse('', 'orphanDependents=true&propagationPolicy=Orphan'),
      refused(422, /orphanDependents and deletionPropagation cannot be both set/),
    );
    assert.throws(() => parse('', 'gracePeriodSeconds=x'), refused(400, /invalid syntax/));
    assert.throws(() => parse('<a/>', '', 'text/xml'), refused(415, /./));
  });
});
