import { isConfidential } from '../transport/web/isConfidential';

/** The address of a hub that can be used, or what is wrong with it. */
export type HubUrl =
  | {
      readonly ok: true;
      readonly url: string;
      readonly label: string;
      /** `http` to another machine: anybody on the way can read what the hub says. A token is never sent there. */
      readonly isUnencrypted: boolean;
    }
  | { readonly ok: false; readonly wrong: HubUrlFault };

/**
 * - `malformed`: no address at all, or of something else than HTTP
 * - `credentials`: it holds a user or a password, or a query or fragment, where a token might be
 */
export type HubUrlFault = 'malformed' | 'credentials';

/** Longer than any address that somebody types; it is shown, kept and part of every request. */
const MAX_URL_CHARS = 500;

/** Reads what somebody typed. The result has no slash at its end, so that equal hubs are equal texts. */
export function parseHubUrl(text: string): HubUrl {
  const typed = text.trim();
  if (typed.length > MAX_URL_CHARS || !/^https?:\/\//i.test(typed) || !URL.canParse(typed)) {
    return { ok: false, wrong: 'malformed' };
  }
  const url = new URL(typed);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return { ok: false, wrong: 'credentials' };
  }
  const path = url.pathname.replace(/\/+$/, '');
  return {
    ok: true,
    url: `${url.origin}${path}`,
    label: `${url.host}${path}`,
    isUnencrypted: !isConfidential(typed),
  };
}
