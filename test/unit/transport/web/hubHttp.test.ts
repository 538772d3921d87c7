import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { CloseKind } from '../../../../src/protocol/closeReason';
import type { ProblemCode } from '../../../../src/protocol/problem';
import type { HttpAnswer } from '../../../../src/transport/web/httpFetch';
import {
  ANSWER_DEADLINE_MS,
  HubHttp,
  HubHttpError,
  MAX_ANSWER_BYTES,
  pathSegment,
} from '../../../../src/transport/web/hubHttp';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedCredentials } from '../scriptedCredentials';
import { endless, json, never, ScriptedHttp, text } from '../scriptedHttp';

const schema = v.object({ ok: v.boolean() });
const alive = new AbortController().signal;

function make(answer: () => HttpAnswer | Error | Promise<HttpAnswer>, credentials?: ScriptedCredentials) {
  const server = new ScriptedHttp();
  server.answer = answer;
  const clock = new FakeClock();
  const shown = credentials === undefined ? {} : { credentials };
  const http = new HubHttp({ baseUrl: 'https://hub.example', fetch: server.fetch, clock, ...shown });
  return { server, clock, http };
}

async function failure(asked: Promise<unknown>): Promise<HubHttpError> {
  try {
    await asked;
  } catch (error) {
    assert.ok(error instanceof HubHttpError, String(error));
    return error;
  }
  throw new Error('it was answered');
}

describe('HubHttp', () => {
  trackLeaks();

  it('asks with its token, follows no redirect, and decodes the answer', async () => {
    const { server, http, clock } = make(() => json({ ok: true, more: 1 }), new ScriptedCredentials());
    assert.deepEqual(await http.get('/api/x', schema, alive), { ok: true });
    const [request] = server.requests;
    assert.equal(request?.url, 'https://hub.example/api/x');
    assert.deepEqual(request.options.headers, { accept: 'application/json', authorization: 'Bearer first' });
    assert.equal(request.options.redirect, 'manual');
    assert.equal(clock.pendingTimers, 0);
  });

  it('asks without one where there is none, and never sends one unencrypted to another machine', async () => {
    const none = make(() => json({ ok: true }), new ScriptedCredentials(() => Promise.resolve(undefined)));
    await none.http.get('/', schema, alive);
    assert.deepEqual(none.server.requests[0]?.options.headers, { accept: 'application/json' });
    const { server, clock } = none;
    const credentials = new ScriptedCredentials();
    const plain = new HubHttp({ baseUrl: 'http://hub.example', fetch: server.fetch, clock, credentials });
    assert.equal((await failure(plain.get('/', schema, alive))).reason.kind, 'insecure');
    assert.equal(server.requests.length, 1);
  });

  const ANSWERS: readonly (readonly [string, HttpAnswer | Error, CloseKind, ProblemCode])[] = [
    ['401', text('who are you', 401), 'unauthorized', 'unauthorized'],
    ['403', json({ detail: 'no' }, 403), 'forbidden', 'forbidden'],
    ['404 in plain text', text('cluster not found', 404), 'notAHub', 'notFound'],
    ['429', text('', 429, { 'retry-after': '7' }), 'tooMany', 'throttled'],
    ['503', text('', 503), 'tooMany', 'throttled'],
    ['500', text('<html>', 500), 'serverError', 'serverError'],
    ['a problem of a cluster', json({ detail: 'no', code: 'forbidden' }, 502), 'serverError', 'forbidden'],
    ['a code that is none', json({ detail: 'no', code: '__proto__' }, 502), 'serverError', 'serverError'],
    ['a redirect', text('', 302, { location: 'https://login.example' }), 'notAHub', 'malformed'],
    ['a page', text('<!doctype html><title>Sign in</title>'), 'notAHub', 'malformed'],
    ['nothing', text(''), 'notAHub', 'malformed'],
    ['null', json(null), 'notAHub', 'malformed'],
    ['wrong types', json({ ok: 'yes' }), 'notAHub', 'malformed'],
    ['no connection', new TypeError('fetch failed'), 'unreachable', 'unreachable'],
  ];
  for (const [what, answer, kind, code] of ANSWERS) {
    it(`takes ${what} for ${kind} and ${code}`, async () => {
      const { http, clock } = make(() => answer);
      const error = await failure(http.get('/', schema, alive));
      assert.deepEqual([error.reason.kind, error.problem.code], [kind, code]);
      assert.doesNotMatch(error.problem.detail, /[<\n]/);
      assert.equal(error.reason.retryAfterMs, what === '429' ? 7_000 : undefined);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  it('holds no more than its bound, of an answer and of an error', async () => {
    const huge = endless();
    const { http } = make(() => huge);
    assert.equal((await failure(http.get('/', schema, alive))).reason.kind, 'tooLarge');
    assert.ok(huge.readBytes() <= MAX_ANSWER_BYTES + 4 * 1024 * 1024);
    const error = endless(500);
    assert.equal((await failure(make(() => error).http.get('/', schema, alive))).reason.kind, 'serverError');
    assert.ok(error.readBytes() <= 4 * 1024 * 1024);
  });

  it('does not wait for ever, be it for an answer, its body or a token', async () => {
    const body = { getReader: () => ({ read: never, cancel: () => Promise.resolve() }) };
    const silent = { status: 200, headers: { get: () => null }, body } as unknown as HttpAnswer;
    for (const { http, clock } of [
      make(never),
      make(() => silent),
      make(() => json({}), new ScriptedCredentials(() => new Promise(() => {}))),
    ]) {
      const asked = failure(http.get('/', schema, alive));
      await clock.advance(ANSWER_DEADLINE_MS);
      assert.equal((await asked).reason.kind, 'silent');
      assert.equal(clock.pendingTimers, 0);
    }
  });

  it('rejects with the reason of whoever gave up', async () => {
    const { http, server, clock } = make(never);
    const abort = new AbortController();
    const asked = http.get('/', schema, abort.signal);
    await clock.settle();
    abort.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    assert.equal(server.requests[0]?.options.signal.aborted, true);
    await assert.rejects(http.get('/', schema, abort.signal), /enough/);
    assert.equal(server.requests.length, 1);
  });

  it('makes segments of names, but for those that would lead elsewhere', () => {
    assert.deepEqual(
      ['a.b', 'a/b', '__proto__', '\ud800', '...', '', '.', '..', 'x'.repeat(1_001)].map(pathSegment),
      ['a.b', 'a%2Fb', '__proto__', '%EF%BF%BD', '...', undefined, undefined, undefined, undefined],
    );
  });

  for (const [code, kind] of [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ENOTFOUND', 'dns'],
    ['UND_ERR_PRX_TLS', 'proxy'],
    ['ECONNREFUSED', 'unreachable'],
  ] as const) {
    it(`says that it was ${kind} where the platform says ${code}`, async () => {
      const cause = Object.assign(new Error('in its words'), { code });
      const { http } = make(() => new TypeError('fetch failed', { cause }));
      const { reason, problem } = await failure(http.get('/x', v.unknown(), alive));
      assert.deepEqual([reason.kind, problem], [kind, { code: kind, detail: 'in its words' }]);
      const opening = await failure(http.open({ method: 'GET', path: '/x' }, alive));
      assert.equal(opening.reason.kind, kind);
    });
  }

  it('knows whether it was the hub that found nothing, or nothing was there to look', async () => {
    const plain = make(() => json({ statusCode: 404, error: 'Not Found' }, 404));
    const named = make(() => json({ code: 'notFound', detail: 'no source s' }, 404));
    const errors = await Promise.all(
      [plain, named].map(({ http }) => failure(http.get('/x', v.unknown(), alive))),
    );
    assert.deepEqual(
      errors.map(({ isNamed, problem }) => [isNamed, problem.code]),
      [
        [false, 'notFound'],
        [true, 'notFound'],
      ],
    );
  });
});
