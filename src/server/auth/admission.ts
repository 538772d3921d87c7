import type { Identity } from '../../kube/identity';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import type { Checked, Credential, CredentialEnd } from '../../transport/node/credential';

/** What somebody was let in for, and who they are. */
export interface Admitted extends Credential {
  /** Absent where it makes no difference. */
  readonly identity?: Identity;
}

/** Finds out who somebody is by a token. */
export interface TokenAdmission {
  /** Never rejects, and ends by itself. */
  ofToken(token: string): Promise<Checked<Admitted>>;
}

export function turnedAway(
  code: number,
  reason: string,
): { readonly ok: false; readonly end: CredentialEnd } {
  return { ok: false, end: { code, reason } };
}

export const UNKNOWN_TOKEN = turnedAway(CLOSE_CODES.unauthorised, 'the token is not known');
