import type { TokenKeep } from './ticketCredentials';

const KEY = 'clusterpersona.token';

/** The tab's own storage, which outlives a reload and ends with the tab. A browser may allow none: then nothing is kept. */
export const sessionTokenKeep: TokenKeep = {
  read() {
    try {
      return sessionStorage.getItem(KEY) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(token) {
    try {
      if (token === undefined) {
        sessionStorage.removeItem(KEY);
      } else {
        sessionStorage.setItem(KEY, token);
      }
    } catch {
      // It is in memory, and good for as long as this page is open.
    }
  },
};
