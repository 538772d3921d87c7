import assert from 'node:assert/strict';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { ProblemError, type Problem } from '../../../../src/protocol/problem';
import { SignIn } from '../../../../webview/page/SignIn';
import { withPage } from '../reactBench';

interface Asked {
  readonly token: string;
  readonly isKept: boolean;
}

describe('signing in to a hub', () => {
  let root: Root;
  let asked: Asked[];
  /** What comes of the next token; undefined takes it. */
  let refusal: Problem | undefined;

  withPage();

  beforeEach(() => {
    asked = [];
    refusal = undefined;
    document.body.innerHTML = '<div id="root"></div>';
    root = createRoot(document.getElementById('root') ?? assert.fail());
  });
  afterEach(() => acted(() => root.unmount()));

  function acted(action: () => void): Promise<void> {
    return act(async () => {
      action();
      await Promise.resolve();
    });
  }

  async function show(hubUrl = 'https://hub.example', problem?: Problem): Promise<void> {
    const page = {
      hubUrl,
      signIn: (token: string, isKept: boolean) => {
        asked.push({ token, isKept });
        return refusal === undefined ? Promise.resolve() : Promise.reject(new ProblemError(refusal));
      },
    };
    await acted(() => root.render(<SignIn page={page} problem={problem} />));
  }

  const field = (): HTMLInputElement =>
    document.querySelector<HTMLInputElement>('input[type="password"]') ?? assert.fail('no field');
  const text = (): string => document.body.textContent;

  function type(token: string): void {
    field().value = token;
  }

  async function submit(): Promise<void> {
    await acted(() =>
      document
        .querySelector('form')
        ?.dispatchEvent(new window.Event('submit', { bubbles: true, cancelable: true })),
    );
  }

  it('asks for a token, and shows it to the hub without what was pasted around it', async () => {
    await show();
    assert.match(text(), /hub\.example/);
    assert.equal(document.activeElement, field());
    type(' the-token\n');
    await submit();
    assert.deepEqual(asked, [{ token: 'the-token', isKept: false }]);
    assert.match(text(), /Signing in…/);
    // One is on its way.
    await submit();
    assert.equal(asked.length, 1);
  });

  it('keeps it in the tab only where that is wanted', async () => {
    await show();
    type('the-token');
    await acted(() => document.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click());
    await submit();
    assert.deepEqual(asked, [{ token: 'the-token', isKept: true }]);
  });

  it('shows no hub an empty token', async () => {
    await show();
    type('   ');
    await submit();
    assert.deepEqual(asked, []);
  });

  const refusals: readonly (readonly [Problem, RegExp])[] = [
    [{ code: 'unauthorized', detail: 'HTTP 401: the token is not known' }, /does not accept this token/],
    [{ code: 'forbidden', detail: 'HTTP 403: not you' }, /does not let it in: HTTP 403: not you/],
    [{ code: 'throttled', detail: 'HTTP 429' }, /asked too often/],
    [{ code: 'unreachable', detail: 'no connection' }, /cannot be asked: no connection\. Try again/],
  ];
  for (const [problem, said] of refusals) {
    it(`says why a token was not taken: ${problem.code}`, async () => {
      refusal = problem;
      await show();
      type('wrong');
      await submit();
      assert.match(text(), said);
      assert.equal(field().getAttribute('aria-invalid'), 'true');
      assert.doesNotMatch(document.body.innerHTML, /wrong/);
      refusal = undefined;
      await submit();
      assert.equal(asked.length, 2);
      assert.doesNotMatch(text(), said);
    });
  }

  it('says that a token which was good is so no more', async () => {
    await show('https://hub.example', { code: 'unauthorized', detail: 'the token is no longer good' });
    assert.match(text(), /does not accept this token/);
  });

  it('asks for no token where it would travel in the clear', async () => {
    await show('http://hub.example');
    assert.equal(document.querySelector('input'), null);
    assert.match(text(), /in the clear[^]*https/);
    await show('http://127.0.0.1:8787');
    assert.ok(field());
  });
});
