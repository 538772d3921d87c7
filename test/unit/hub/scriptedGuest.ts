import { toDisposable, type Disposable } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import type { Access, AccessChange, AccessRefusal, Guest, StandingAccess } from '../../../src/hub/guest';
import { ProblemError, type Problem, type ProblemCode } from '../../../src/protocol/problem';

interface Hold {
  readonly key: string;
  readonly onLost: (problem: Problem) => void;
}

const RETRY_AT = 1_234;

/** Somebody who may what a test says, and nothing else. */
export class ScriptedGuest implements Guest {
  readonly #allowed: Set<string>;
  readonly #holds = new Set<Hold>();
  readonly #changed = new Emitter<AccessChange>((error) => {
    throw error;
  });
  /** What is said of everything that is not allowed. */
  code: ProblemCode = 'forbidden';
  /** Told of everything that is required. */
  readonly asked: string[] = [];

  /** E.g. `s personas`, `s logs`. */
  constructor(...allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  get onChanged() {
    return this.#changed.event;
  }

  get sight(): string {
    return `v${[...this.#allowed].filter((key) => key.endsWith(' personas')).join('').length}`;
  }

  refusal(source: string, { type }: StandingAccess): AccessRefusal | undefined {
    return this.#allowed.has(`${source} ${type}`)
      ? undefined
      : { problem: this.#problem(), retryAt: RETRY_AT };
  }

  require(source: string, { type }: Access): Promise<void> {
    this.asked.push(`${source} ${type}`);
    return this.#allowed.has(`${source} ${type}`)
      ? Promise.resolve()
      : Promise.reject(new ProblemError(this.#problem()));
  }

  learn(): Promise<void> {
    return Promise.resolve();
  }

  hold(source: string, { type }: Access, onLost: (problem: Problem) => void): Disposable {
    const hold = { key: `${source} ${type}`, onLost };
    this.#holds.add(hold);
    return toDisposable(() => this.#holds.delete(hold));
  }

  allow(source: string, access: StandingAccess['type']): void {
    this.#allowed.add(`${source} ${access}`);
    this.#changed.fire({ source, access });
  }

  lose(source: string, access: Access['type']): void {
    const key = `${source} ${access}`;
    this.#allowed.delete(key);
    for (const hold of [...this.#holds].filter((one) => one.key === key)) {
      this.#holds.delete(hold);
      hold.onLost(this.#problem());
    }
    if (access === 'personas' || access === 'metrics') {
      this.#changed.fire({ source, access });
    }
  }

  #problem(): Problem {
    return { code: this.code, detail: 'said by the test' };
  }
}
