import { toDisposable, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { CredentialEnd } from '../../transport/node/credential';

/**
 * Tells that a credential has ended, also those who begin to listen afterwards, right after they did: between a look at a
 * credential and somebody who is served by it clusters are asked what they may, which takes seconds.
 */
export class CredentialEnding implements Disposable {
  readonly #emitter: Emitter<CredentialEnd>;
  #end: CredentialEnd | undefined;

  constructor(logger: Logger) {
    this.#emitter = new Emitter((error) => logger.error('A listener failed', error));
  }

  readonly onEnded: Event<CredentialEnd> = (listener) => {
    const end = this.#end;
    if (end === undefined) {
      return this.#emitter.event(listener);
    }
    let isWanted = true;
    queueMicrotask(() => {
      if (isWanted) {
        listener(end);
      }
    });
    return toDisposable(() => (isWanted = false));
  };

  /** Once; nothing more is told afterwards. */
  end(end: CredentialEnd): void {
    if (this.#end === undefined) {
      this.#end = end;
      this.#emitter.fire(end);
      this.#emitter.dispose();
    }
  }

  dispose(): void {
    this.#emitter.dispose();
  }
}
