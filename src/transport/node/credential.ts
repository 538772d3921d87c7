import type { Event } from '../../base/emitter';

/** What somebody showed and was let in for. */
export interface Credential {
  /** It is no longer good: whoever came in by it has to go. */
  readonly onRevoked: Event<void>;
}

/** Says whether a token is good; undefined where it is not. Takes as long for a wrong one as for a right one. */
export type CredentialCheck = (token: string) => Credential | undefined;
