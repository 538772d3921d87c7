import type * as vscode from 'vscode';
import type { Event } from '../../base/emitter';
import type { AccessToken, Credentials } from '../../transport/credentials';

/** The tokens of hubs, in the editor's store of secrets and nowhere else. */
export class HubTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** What is shown to a hub; it may change while it is in use, in this window or another one. */
  credentials(url: string): Credentials {
    const key = keyOf(url);
    const onChanged: Event<void> = (listener) =>
      this.#secrets.onDidChange((changed) => {
        if (changed.key === key) {
          listener();
        }
      });
    return {
      token: async (): Promise<AccessToken | undefined> => {
        const token = await this.#secrets.get(key);
        return token === undefined || token === '' ? undefined : { token };
      },
      onChanged,
    };
  }

  /** Undefined takes it away. */
  async set(url: string, token: string | undefined): Promise<void> {
    if (token === undefined) {
      await this.#secrets.delete(keyOf(url));
    } else {
      await this.#secrets.store(keyOf(url), token);
    }
  }
}

function keyOf(url: string): string {
  return `hub ${url}`;
}
