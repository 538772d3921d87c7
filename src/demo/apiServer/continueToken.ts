import { isRecord } from '../../base/jsonRecord';
import { ApiStatusError, badRequest } from './apiStatus';

/** Where the next page of a list begins: after `afterKey`, in the state of `revision`. Opaque to clients. */
export interface ContinueToken {
  readonly revision: number;
  readonly afterKey: string;
}

const VERSION = 'meta.k8s.io/v1';

/** The first key behind another one: nothing sorts between a text and the same with a NUL after it. */
const NEXT = '\0';

/** In the form of the API server's own: JSON in the URL's alphabet of base64. Keys are names of the API: ASCII. */
export function encodeContinue({ revision, afterKey }: ContinueToken): string {
  const json = `{"v":"${VERSION}","rv":${revision},"start":${JSON.stringify(`/${afterKey}${NEXT}`)}}`;
  return btoa(json).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Throws {@link ApiStatusError} for what was not made here. */
export function decodeContinue(text: string): ContinueToken {
  const token = parse(text);
  const { v, rv, start } = isRecord(token) ? token : {};
  if (v !== VERSION) {
    throw refusal(`server does not recognize this encoded version ${typeof v === 'string' ? v : ''}`);
  }
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv <= 0) {
    throw refusal('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || !start.startsWith('/') || !start.endsWith(NEXT)) {
    throw refusal('encoded start key empty (version meta.k8s.io/v1)');
  }
  return { revision: rv, afterKey: start.slice(1, -NEXT.length) };
}

function parse(text: string): unknown {
  const illegal = /[^\w-]/.exec(text);
  if (illegal !== null) {
    throw refusal(`illegal base64 data at input byte ${illegal.index}`);
  }
  try {
    return JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')));
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function refusal(reason: string): ApiStatusError {
  return new ApiStatusError(badRequest(`invalid continue token: continue key is not valid: ${reason}`));
}
