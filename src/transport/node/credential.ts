import type { Disposable } from '../../base/disposable';
import type { Event } from '../../base/emitter';

/** Why somebody is not let in, or has to go: one of the close codes, and a sentence for whom it concerns. */
export interface CredentialEnd {
  readonly code: number;
  readonly reason: string;
}

/** What somebody showed and was let in for; whoever takes it over disposes it. */
export interface Credential extends Disposable {
  /** It is no longer good: whoever came in by it has to go. Told once at most, and later where it has ended already. */
  readonly onEnded: Event<CredentialEnd>;
}

export type Checked<C extends Credential = Credential> =
  { readonly ok: true; readonly credential: C } | { readonly ok: false; readonly end: CredentialEnd };

/** Says whether a token is good. Never rejects, and ends by itself. Takes as long for a wrong one as for a right one. */
export type CredentialCheck = (token: string) => Promise<Checked>;
