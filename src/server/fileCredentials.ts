import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { Logger } from '../base/logger';
import { systemErrorCode } from '../cluster/readFileBounded';
import type { AccessToken, Credentials } from '../transport/credentials';
import { StartError } from './startError';
import { WatchedFiles } from './watchedFiles';

/** The token in a file, which is looked at again and again; while it cannot be read the last one stays. */
export class FileCredentials implements Credentials, Disposable {
  readonly #changed: Emitter<void>;
  #watched: WatchedFiles | undefined;
  #token: string | undefined;

  private constructor(logger: Logger) {
    this.#changed = new Emitter((error) => logger.error('A listener failed', error));
  }

  /** Rejects with {@link StartError} where the file cannot be read, or holds no token. */
  static async open(file: string, clock: Clock, logger: Logger): Promise<FileCredentials> {
    const credentials = new FileCredentials(logger);
    const { contents, watched } = await WatchedFiles.open({
      files: [file],
      clock,
      onChanged: ([content]) => {
        credentials.#token = tokenOf(content);
        credentials.#changed.fire();
      },
      onReadableChanged: (error) => {
        if (error !== undefined) {
          logger.error(`The token for a hub cannot be read (${systemErrorCode(error)}): the last one stays`);
        }
      },
    }).catch((error: unknown) => {
      throw new StartError(`the token file ${file} cannot be read: ${systemErrorCode(error)}`);
    });
    credentials.#watched = watched;
    credentials.#token = tokenOf(contents[0]);
    if (credentials.#token === undefined) {
      credentials.dispose();
      throw new StartError(`the token file ${file} holds no token`);
    }
    return credentials;
  }

  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  token(): Promise<AccessToken | undefined> {
    return Promise.resolve(this.#token === undefined ? undefined : { token: this.#token });
  }

  dispose(): void {
    this.#watched?.dispose();
    this.#changed.dispose();
  }
}

/** The first line that is neither empty nor a comment. */
function tokenOf(content: Buffer | undefined): string | undefined {
  return (content ?? '')
    .toString()
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
}
