import * as l10n from '@vscode/l10n';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import { isConfidential } from '../../src/transport/web/isConfidential';
import { problemOf } from '../realtime/problemOf';
import { Notice } from '../ui/Notice';
import type { Page } from './page';

export interface SignInProps {
  readonly page: Pick<Page, 'hubUrl' | 'signIn'>;
  /** Why the hub no longer takes the token it was shown; absent where it was shown none. */
  readonly problem: Problem | undefined;
}

/** Asks for the token that the hub wants. */
export function SignIn({ page, problem }: SignInProps): ReactElement {
  const [isKept, setKept] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState(problem);
  const field = useRef<HTMLInputElement>(null);
  const help = useId();
  useEffect(() => field.current?.focus(), []);
  if (!isConfidential(page.hubUrl)) {
    return (
      <main className="sign-in">
        <Notice
          tone="error"
          what={l10n.t('This hub wants a token, and this page came over plain HTTP.')}
          more={l10n.t(
            'A token would travel in the clear. Open the page by https, or ask whoever runs the hub to set up TLS.',
          )}
        />
      </main>
    );
  }
  const submit = async (token: string): Promise<void> => {
    setAsking(true);
    setRefusal(undefined);
    try {
      await page.signIn(token, isKept);
    } catch (error) {
      setAsking(false);
      setRefusal(problemOf(error));
      field.current?.select();
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    // The field alone holds it.
    const token = field.current?.value.trim() ?? '';
    if (token !== '' && !isAsking) {
      void submit(token);
    } else {
      field.current?.focus();
    }
  };
  return (
    <main className="sign-in">
      <form className="card sign-in-card" onSubmit={onSubmit}>
        <h1>{l10n.t('Sign in')}</h1>
        <p className="muted">
          {l10n.t('The hub at {0} shows its clusters to those who have a token.', new URL(page.hubUrl).host)}
        </p>
        <label className="field">
          <span>{l10n.t('Token')}</span>
          <input
            ref={field}
            className="input"
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            required
            aria-describedby={help}
            aria-invalid={refusal !== undefined}
          />
        </label>
        <p className="muted sign-in-help" id={help}>
          {l10n.t(
            'Whoever runs the hub can give you one. It is shown to this hub alone, never stands in an address, and is forgotten when this page is closed or loaded again.',
          )}
        </p>
        <label className="check">
          <input type="checkbox" checked={isKept} onChange={({ target }) => setKept(target.checked)} />
          <span>{l10n.t('Keep it in this tab when the page is loaded again')}</span>
        </label>
        {refusal !== undefined && <Notice tone="error" what={refusalText(refusal)} />}
        <div>
          <button type="submit" className="button" aria-disabled={isAsking}>
            {isAsking ? l10n.t('Signing in…') : l10n.t('Sign in')}
          </button>
        </div>
      </form>
    </main>
  );
}

/** Why a token was not taken, and what to do. */
function refusalText({ code, detail }: Problem): string {
  switch (code) {
    case 'unauthorized':
    case 'credentials':
      return l10n.t('The hub does not accept this token. Check it, or ask for another one.');
    case 'forbidden':
      return l10n.t('The hub knows this token, and does not let it in: {0}.', detail);
    case 'throttled':
      return l10n.t('The hub is asked too often. Try again in a moment.');
    default:
      return l10n.t('The hub cannot be asked: {0}. Try again.', detail);
  }
}
