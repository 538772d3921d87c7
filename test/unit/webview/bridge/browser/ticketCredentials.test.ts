import assert from 'node:assert/strict';
import { ProblemError } from '../../../../../src/protocol/problem';
import { TicketCredentials } from '../../../../../webview/bridge/browser/ticketCredentials';
import { FakeClock } from '../../../../support/fakeClock';
import { trackLeaks } from '../../../../support/leakTracker';
import { json, ScriptedHttp } from '../../../transport/scriptedHttp';

function rethrow(error: unknown): never {
  throw error;
}

function made(kept?: string) {
  const http = new ScriptedHttp();
  let tickets = 0;
  http.answer = () => {
    tickets += 1;
    return json({ ticket: `ticket-${tickets}`, expiresInMs: 30_000 });
  };
  const clock = new FakeClock();
  const keep = { token: kept };
  const credentials = new TicketCredentials({
    baseUrl: 'https://hub.example/below',
    fetch: http.fetch,
    clock,
    keep: { read: () => keep.token, write: (token) => (keep.token = token) },
    onListenerError: rethrow,
  });
  let changes = 0;
  const listening = credentials.onChanged(() => (changes += 1));
  const { signal } = new AbortController();
  const token = async () => (await credentials.token(signal))?.token;
  return {
    http,
    clock,
    keep,
    credentials,
    signal,
    token,
    changes: () => changes,
    end: () => listening.dispose(),
  };
}

describe('the token of who signs in to a page', () => {
  trackLeaks();

  it('is none until somebody does, and nobody is asked for it', async () => {
    const { credentials, token, http, end } = made();
    assert.equal(credentials.isSignedIn, false);
    assert.equal(await token(), undefined);
    assert.deepEqual(http.requests, []);
    end();
  });

  it('travels in a header alone, for a ticket that is shown in its place', async () => {
    const { credentials, signal, token, http, changes, keep, end } = made();
    await credentials.signIn('the-token', false, signal);
    const [request] = http.requests;
    assert.equal(request?.url, 'https://hub.example/below/api/v1/ticket');
    assert.equal(request.options.method, 'POST');
    assert.equal(request.options.headers['authorization'], 'Bearer the-token');
    assert.equal(changes(), 1);
    assert.equal(keep.token, undefined);
    assert.equal(await token(), 'ticket-1');
    assert.equal((await credentials.forRequests.token(signal))?.token, 'the-token');
    // A ticket is good once.
    assert.equal(await token(), 'ticket-2');
    end();
  });

  it('gets another ticket where the first one waited for too long', async () => {
    const { credentials, signal, token, clock, end } = made();
    await credentials.signIn('the-token', false, signal);
    await clock.advance(26_000);
    assert.equal(await token(), 'ticket-2');
    end();
  });

  it('is kept where that is wanted, and found again', async () => {
    const first = made();
    await first.credentials.signIn('the-token', true, first.signal);
    assert.equal(first.keep.token, 'the-token');
    first.end();
    const second = made('the-token');
    assert.ok(second.credentials.isSignedIn);
    assert.equal(await second.token(), 'ticket-1');
    await second.credentials.signIn('another', false, second.signal);
    assert.equal(second.keep.token, undefined);
    second.end();
  });

  it('is not taken where the hub does not know it, and what was there before stays', async () => {
    const { credentials, signal, http, changes, end } = made('good');
    http.answer = () => json({ detail: 'the token is not known' }, 401);
    await assert.rejects(credentials.signIn('wrong', true, signal), (error: unknown) => {
      assert.ok(error instanceof ProblemError && error.problem.code === 'unauthorized');
      assert.doesNotMatch(error.message, /wrong/);
      return true;
    });
    assert.ok(credentials.isSignedIn);
    assert.equal(changes(), 0);
    end();
  });

  it('says why there is no ticket: the hub is gone, or knows the token no more', async () => {
    const { token, http, end } = made('good');
    http.answer = () => new Error('connection refused');
    await assert.rejects(token(), { problem: { code: 'unreachable', detail: 'connection refused' } });
    http.answer = () => json({ nonsense: true });
    await assert.rejects(
      token(),
      (error: unknown) => error instanceof ProblemError && error.problem.code === 'malformed',
    );
    end();
  });

  it('is forgotten by who signs out', async () => {
    const { credentials, token, keep, changes, end } = made('good');
    credentials.signOut();
    assert.equal(await credentials.forRequests.token(new AbortController().signal), undefined);
    assert.deepEqual(
      [credentials.isSignedIn, keep.token, await token(), changes()],
      [false, undefined, undefined, 1],
    );
    end();
  });
});
