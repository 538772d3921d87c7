import { Emitter } from '../../../src/base/emitter';
import type { AccessToken, Credentials } from '../../../src/transport/credentials';

function rethrow(error: unknown): never {
  throw error;
}

/** Credentials in the hands of a test. */
export class ScriptedCredentials implements Credentials {
  readonly #changed = new Emitter<void>(rethrow);
  readonly onChanged = this.#changed.event;
  asked = 0;
  /** What is answered; where it is a function, that is called. */
  next: AccessToken | undefined | (() => Promise<AccessToken | undefined>);

  constructor(next: ScriptedCredentials['next'] = { token: 'first' }) {
    this.next = next;
  }

  token(): Promise<AccessToken | undefined> {
    this.asked += 1;
    return typeof this.next === 'function' ? this.next() : Promise.resolve(this.next);
  }

  change(next: ScriptedCredentials['next']): void {
    this.next = next;
    this.#changed.fire();
  }
}
