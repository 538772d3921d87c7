import assert from 'node:assert/strict';
import type { KubeResponse } from '../../../src/base/kubeFetch';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { decodeKubeStatus } from '../../../src/base/kubeStatus';
import { ProblemError } from '../../../src/protocol/problem';
import { problemFromError } from '../../../src/protocol/problemFromError';
import { problemFromResponse } from '../../../src/protocol/problemFromResponse';

function answer(
  status: number,
  body: string | Uint8Array[],
  headers: Record<string, string> = {},
): KubeResponse {
  const chunks = typeof body === 'string' ? [new TextEncoder().encode(body)] : body;
  return {
    status,
    header: (name) => headers[name.toLowerCase()],
    body: (async function* () {
      yield* chunks;
    })(),
  };
}
const status = (fields: object): string => JSON.stringify({ kind: 'Status', apiVersion: 'v1', ...fields });

describe('the problem of an answer', () => {
  for (const [code, expected] of [
    [302, 'malformed'],
    [400, 'badRequest'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [407, 'proxy'],
    [410, 'expired'],
    [422, 'badRequest'],
    [429, 'throttled'],
    [500, 'serverError'],
    [504, 'serverError'],
  ] as const) {
    it(`is ${expected} for ${code}, in the server’s words`, async () => {
      const { problem, kubeStatus } = await problemFromResponse(
        answer(code, status({ code, message: 'because\nof this', reason: 'R' })),
      );
      assert.deepEqual(problem, { code: expected, detail: `HTTP ${code}: because of this` });
      assert.equal(kubeStatus?.reason, 'R');
    });
  }

  it('is notInstalled for a 404 in plain text, which the server gives for a path it does not serve', async () => {
    const { problem, kubeStatus } = await problemFromResponse(answer(404, '404 page not found\n'));
    assert.deepEqual(problem, { code: 'notInstalled', detail: 'HTTP 404: 404 page not found' });
    assert.equal(kubeStatus, undefined);
  });

  it('quotes no HTML', async () => {
    const { problem } = await problemFromResponse(answer(502, '\n<!doctype html>\n<h1>Bad gateway</h1>'));
    assert.deepEqual(problem, { code: 'serverError', detail: 'HTTP 502' });
  });

  it('reads how long to wait, from the header before the body', async () => {
    const body = status({ details: { retryAfterSeconds: 3 } });
    assert.equal((await problemFromResponse(answer(429, body))).retryAfterMs, 3000);
    assert.equal((await problemFromResponse(answer(429, body, { 'retry-after': '7' }))).retryAfterMs, 7000);
    const date = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
    assert.equal((await problemFromResponse(answer(429, '', date))).retryAfterMs, undefined);
  });

  it('reads no more of an endless body than it needs', async () => {
    let chunks = 0;
    const endless: KubeResponse = {
      status: 500,
      header: () => undefined,
      body: (async function* () {
        for (;;) {
          chunks += 1;
          yield new Uint8Array(16 * 1024).fill(0x78);
        }
      })(),
    };
    const { problem } = await problemFromResponse(endless);
    assert.equal(problem.code, 'serverError');
    assert.ok(problem.detail.length < 500);
    assert.equal(chunks, 4);
  });

  it('makes do with a body that breaks off, and rejects once the request was aborted', async () => {
    const broken = (): KubeResponse => ({
      status: 403,
      header: () => undefined,
      body: (async function* () {
        yield new TextEncoder().encode('not you');
        throw new KubeTransportError('closed', 'cut');
      })(),
    });
    assert.deepEqual((await problemFromResponse(broken())).problem, {
      code: 'forbidden',
      detail: 'HTTP 403: not you',
    });
    const reason = new Error('enough');
    await assert.rejects(problemFromResponse(broken(), AbortSignal.abort(reason)), reason);
  });
});

describe('reading a Status', () => {
  it('takes only what has the right type', () => {
    const value = {
      kind: 'Status',
      code: '410',
      reason: 7,
      details: { causes: [null, { reason: 'X' }, { reason: 1 }] },
    };
    assert.deepEqual(decodeKubeStatus(value), { causeReasons: ['X'] });
    assert.deepEqual(decodeKubeStatus({ kind: 'Status', details: null }), { causeReasons: [] });
  });

  it('takes nothing else for one', () => {
    for (const value of [null, undefined, 'Status', [], { kind: 'Pod' }]) {
      assert.equal(decodeKubeStatus(value), undefined);
    }
  });
});

describe('the problem of an error', () => {
  it('is the one it carries, be it from another bundle or the cause of a transport error', () => {
    const problem = { code: 'consent', detail: 'aws eks' } as const;
    const foreign = Object.assign(new Error('x'), { name: 'ProblemError', problem });
    for (const error of [
      new ProblemError(problem),
      foreign,
      new KubeTransportError('credentials', 'no', foreign),
    ]) {
      assert.deepEqual(problemFromError(error), problem);
    }
  });

  it('is the transport’s own code, in one line', () => {
    assert.deepEqual(problemFromError(new KubeTransportError('dns', 'no\nsuch name')), {
      code: 'dns',
      detail: 'no such name',
    });
  });

  it('is internal for anything else, however odd', () => {
    assert.deepEqual(problemFromError(new TypeError('oops')), { code: 'internal', detail: 'oops' });
    assert.deepEqual(problemFromError(undefined), { code: 'internal', detail: 'undefined' });
    const fake = Object.assign(new Error('odd'), { name: 'ProblemError', problem: { code: 'nonsense' } });
    assert.deepEqual(problemFromError(fake), { code: 'internal', detail: 'odd' });
  });

  it('takes out what looks like a credential, and leaves long names', async () => {
    const pod = 'ingress-nginx-controller-7c9f5d8b6c-x2k4q';
    const echo = `pods "${pod}" not found for Authorization: Bearer eyJhbGciOi.secret.part with token=hunter2hunter2`;
    for (const body of [status({ message: echo, code: 404 }), echo]) {
      const { problem } = await problemFromResponse(answer(500, body));
      assert.ok(problem.detail.includes(pod), problem.detail);
      assert.doesNotMatch(problem.detail, /eyJ|secret\.part|hunter2/);
    }
  });
});
