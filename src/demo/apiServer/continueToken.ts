import { ApiStatusError, badRequest } from './apiStatus';

/** Where the next page of a list begins: after `afterKey`, in the state of `revision`. Opaque to clients. */
export interface ContinueToken {
  readonly revision: number;
  readonly afterKey: string;
}

/** Keys are names of the API: ASCII. */
export function encodeContinue(token: ContinueToken): string {
  return btoa(`${token.revision} ${token.afterKey}`);
}

/** Throws {@link ApiStatusError} for what was not made here. */
export function decodeContinue(text: string): ContinueToken {
  const match = /^(\d{1,15}) (\S+)$/.exec(fromBase64(text));
  if (match === null) {
    throw new ApiStatusError(badRequest('continue key is not valid'));
  }
  const [, revision, afterKey = ''] = match;
  return { revision: Number(revision), afterKey };
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
