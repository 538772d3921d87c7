import { notifyManager } from '@tanstack/react-query';
import { Window } from 'happy-dom';
import { act, Profiler, StrictMode, useEffect, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import { toDisposable, type Disposable } from '../../../src/base/disposable';
import { createConnection, type Connection } from '../../../webview/realtime/connection';
import { ConnectionProvider } from '../../../webview/realtime/connectionContext';
import type { Visibility } from '../../../webview/realtime/nowTicker';
import type { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { makeOpenClient, type ScriptedHost } from './scriptedHost';

// A turn that the fake clock gives when it settles.
notifyManager.setScheduler((callback) => void setImmediate(callback));

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

/** One hook in a component of its own. */
export interface Mounted<T> {
  /** What it gave when it last rendered. */
  readonly current: () => T;
  /** How often the component was rendered and shown. */
  readonly commits: () => number;
  /** How often React went over the page that the component is in. */
  readonly passes: () => number;
  readonly unmount: () => Promise<void>;
}

/** A connection to a scripted host, and React in StrictMode above it: every component is mounted twice at first. */
export class HookBench {
  readonly host: ScriptedHost;
  readonly clock: FakeClock;
  readonly connection: Connection;
  readonly page = new ScriptedVisibility();
  readonly #mounted: Mounted<unknown>[] = [];

  constructor() {
    const { host, clock, client } = makeOpenClient();
    this.host = host;
    this.clock = clock;
    this.connection = createConnection(client, clock, this.page);
  }

  /** Mounts a hook, and others in components beside it. */
  async mount<T>(useHook: () => T, ...others: readonly (() => void)[]): Promise<Mounted<T>> {
    let given: { readonly value: T } | undefined;
    let commits = 0;
    const Component = (): null => {
      const value = useHook();
      useEffect(() => {
        given = { value };
        commits += 1;
      });
      return null;
    };
    const beside = others.map((useOther) => (): null => {
      useOther();
      return null;
    });
    let passes = 0;
    const page = (
      <Profiler id="page" onRender={() => (passes += 1)}>
        <Component />
        {beside.map((Other) => (
          <Other key={beside.indexOf(Other)} />
        ))}
      </Profiler>
    );
    const root = createRoot(document.createElement('div'));
    await this.#act(() => root.render(this.#above(page)));
    let isMounted = true;
    const mounted: Mounted<T> = {
      current() {
        if (given === undefined) {
          throw new Error('the hook has not rendered');
        }
        return given.value;
      },
      commits: () => commits,
      passes: () => passes,
      unmount: async () => {
        if (isMounted) {
          isMounted = false;
          await this.#act(() => root.unmount());
        }
      },
    };
    this.#mounted.push(mounted);
    return mounted;
  }

  /** Does something that views may show, and lets them show it. */
  async does(action: () => void): Promise<void> {
    await this.#act(action);
  }

  /** One frame of events. */
  async frame(...events: readonly object[]): Promise<void> {
    await this.#act(() => this.host.deliver({ type: 'events', events }));
  }

  /** Does something outside of React's `act`, which would make one pass of whatever happens. */
  async doesUnbatched(action: () => void): Promise<void> {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
    try {
      action();
      await this.clock.settle();
      await this.clock.settle();
    } finally {
      Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
    }
  }

  /** Answers the last request of a method, which has to be one that has none yet. */
  async answer(method: string, result: unknown): Promise<void> {
    await this.#act(() => this.host.respond(this.host.lastRequest(method).id, result));
  }

  async refuse(method: string, problem: object): Promise<void> {
    await this.#act(() =>
      this.host.deliver({ type: 'error', id: this.host.lastRequest(method).id, problem }),
    );
  }

  async advance(ms: number): Promise<void> {
    await act(() => this.clock.advance(ms));
    await this.#act(() => undefined);
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

  async dispose(): Promise<void> {
    for (const mounted of this.#mounted) {
      await mounted.unmount();
    }
    this.connection.dispose();
  }

  #above(component: ReactElement): ReactElement {
    return (
      <StrictMode>
        <ConnectionProvider connection={this.connection}>{component}</ConnectionProvider>
      </StrictMode>
    );
  }

  async #act(action: () => void): Promise<void> {
    await act(async () => {
      action();
      await this.clock.settle();
    });
  }
}

/** Called inside a `describe`: gives each of its tests a bench of its own, and fails those that leave something behind. */
export function withHookBench(): () => HookBench {
  let bench: HookBench | undefined;
  let window: Window | undefined;
  let endBench: () => Promise<void> = () => Promise.resolve();

  before('open a page', () => {
    window = new Window();
    Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  });

  // Before the tracker's hook, which mocha runs after this one.
  afterEach('clean up', () => endBench());

  trackLeaks();

  beforeEach('make a bench', () => {
    const made = new HookBench();
    bench = made;
    endBench = () => made.dispose();
  });

  after('close the page', async () => {
    await window?.happyDOM.close();
    for (const name of ['window', 'document', 'IS_REACT_ACT_ENVIRONMENT']) {
      Reflect.deleteProperty(globalThis, name);
    }
  });

  return () => {
    if (bench === undefined) {
      throw new Error('only inside of a test');
    }
    return bench;
  };
}
