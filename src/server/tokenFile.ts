import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import { systemErrorCode } from '../cluster/readFileBounded';
import { CLOSE_CODES } from '../protocol/closeCodes';
import { isBearerToken } from '../transport/isBearerToken';
import type { Credential, CredentialEnd } from '../transport/node/credential';
import { CredentialEnding } from './auth/credentialEnding';
import { Tickets } from './auth/tickets';
import { StartError } from './startError';
import { WatchedFiles } from './watchedFiles';

/** Shorter ones can be guessed. */
const MIN_TOKEN_CHARS = 16;

const REVOKED: CredentialEnd = { code: CLOSE_CODES.unauthorised, reason: 'the token is no longer good' };

interface Entry extends Credential {
  readonly digest: Buffer;
  readonly ending: CredentialEnding;
}

/**
 * The tokens of a file, one a line; empty lines and those that begin with `#` are none. Only digests are kept, and a token is
 * compared with all of them in the same time. When the file changes, what was taken out of it is revoked; while it cannot be
 * read nothing changes.
 */
export class TokenFile implements Disposable {
  readonly #logger: Logger;
  #entries: readonly Entry[] = [];
  #watched: WatchedFiles | undefined;

  private constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Rejects with {@link StartError} where the file cannot be read, or holds what should not be used. */
  static async open(file: string, clock: Clock, logger: Logger): Promise<TokenFile> {
    const tokens = new TokenFile(logger);
    try {
      const { contents, watched } = await WatchedFiles.open({
        files: [file],
        clock,
        onChanged: ([content]) => tokens.#follow(content),
        onReadableChanged: (error) => {
          if (error === undefined) {
            logger.info('The token file can be read again');
          } else {
            logger.error(
              `The token file cannot be read (${systemErrorCode(error)}): its last tokens stay good`,
            );
          }
        },
      });
      tokens.#watched = watched;
      tokens.#set(digestsOf(contents[0]));
    } catch (error) {
      tokens.dispose();
      throw error instanceof StartError
        ? error
        : new StartError(`the token file ${file} cannot be read: ${systemErrorCode(error)}`);
    }
    if (tokens.#entries.length === 0) {
      tokens.dispose();
      throw new StartError(`the token file ${file} holds no token`);
    }
    return tokens;
  }

  /** Undefined for what is none of them. What it gives belongs to the file: disposing it does nothing. */
  check(token: string): Credential | undefined {
    const digest = digestOf(token);
    let found: Entry | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, digest)) {
        found = entry;
      }
    }
    return found;
  }

  dispose(): void {
    this.#watched?.dispose();
    for (const { ending } of this.#entries) {
      ending.dispose();
    }
  }

  #follow(content: Buffer | undefined): void {
    try {
      this.#set(digestsOf(content));
      this.#logger.info(`The token file changed and holds ${this.#entries.length} tokens now`);
    } catch (error) {
      this.#logger.error(
        `The token file changed and cannot be used, its last tokens stay good: ${error instanceof Error ? error.message : ''}`,
      );
    }
  }

  #set(digests: readonly Buffer[]): void {
    const before = this.#entries;
    this.#entries = digests.map(
      (digest) => before.find((entry) => entry.digest.equals(digest)) ?? this.#entryOf(digest),
    );
    for (const entry of before) {
      if (!this.#entries.includes(entry)) {
        entry.ending.end(REVOKED);
      }
    }
  }

  #entryOf(digest: Buffer): Entry {
    const ending = new CredentialEnding(this.#logger);
    return { digest, ending, onEnded: ending.onEnded, dispose() {} };
  }
}

/** Throws {@link StartError} for what should not be used as a token. */
function digestsOf(content: Buffer | undefined): Buffer[] {
  const lines = (content?.toString() ?? '').split(/\r?\n/).map((line) => line.trim());
  const tokens = new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
  for (const token of tokens) {
    const line = lines.indexOf(token) + 1;
    if (token.length < MIN_TOKEN_CHARS) {
      throw new StartError(`line ${line} of the token file has fewer than ${MIN_TOKEN_CHARS} characters`);
    }
    if (Tickets.isTicket(token)) {
      throw new StartError(`line ${line} of the token file begins as a ticket does`);
    }
    if (!isBearerToken(token)) {
      throw new StartError(`line ${line} of the token file has characters that no bearer token has`);
    }
  }
  return [...tokens].map(digestOf);
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
