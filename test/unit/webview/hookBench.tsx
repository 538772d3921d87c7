import { toDisposable, type Disposable } from '../../../src/base/disposable';
import { createConnection } from '../../../webview/realtime/connection';
import type { Visibility } from '../../../webview/realtime/nowTicker';
import { trackLeaks } from '../../support/leakTracker';
import { ReactBench, withPage } from './reactBench';
import { makeOpenClient, type ScriptedHost } from './scriptedHost';

/** A page that a test shows and hides. */
export class ScriptedVisibility implements Visibility {
  #isVisible = true;
  readonly #listeners = new Set<() => void>();

  isVisible(): boolean {
    return this.#isVisible;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  set(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#listeners.forEach((listener) => listener());
  }
}

/** A bench whose connection leads to a scripted host. */
export class HookBench extends ReactBench {
  readonly host: ScriptedHost;
  readonly page: ScriptedVisibility;

  constructor() {
    const { host, clock, client } = makeOpenClient();
    const page = new ScriptedVisibility();
    super(createConnection(client, clock, page), clock);
    this.host = host;
    this.page = page;
  }

  /** One frame of events. */
  async frame(...events: readonly object[]): Promise<void> {
    await this.does(() => this.host.deliver({ type: 'events', events }));
  }

  /** Answers the last request of a method, which has to be one that has none yet. */
  async answer(method: string, result: unknown): Promise<void> {
    await this.does(() => this.host.respond(this.host.lastRequest(method).id, result));
  }

  async refuse(method: string, problem: object): Promise<void> {
    await this.does(() =>
      this.host.deliver({ type: 'error', id: this.host.lastRequest(method).id, problem }),
    );
  }

  /** The patterns that the host is asked for at the moment, in the order in which they were asked for. */
  wirePatterns(): string[] {
    const patterns = new Map<number, readonly string[]>();
    for (const message of this.host.sent) {
      if (message.type === 'subscribe') {
        patterns.set(message.id, message.patterns);
      } else if (message.type === 'unsubscribe') {
        patterns.delete(message.id);
      }
    }
    return [...patterns.values()].flat();
  }
}

/** Called inside a `describe`: gives each of its tests a bench of its own, and fails those that leave something behind. */
export function withHookBench(): () => HookBench {
  let bench: HookBench | undefined;
  let endBench: () => Promise<void> = () => Promise.resolve();

  withPage();

  // Before the tracker's hook, which mocha runs after this one.
  afterEach('clean up', () => endBench());

  trackLeaks();

  beforeEach('make a bench', () => {
    const made = new HookBench();
    bench = made;
    endBench = () => made.dispose();
  });

  return () => {
    if (bench === undefined) {
      throw new Error('only inside of a test');
    }
    return bench;
  };
}
