import { notifyManager } from '@tanstack/react-query';
import { Window } from 'happy-dom';
import { act, Profiler, StrictMode, useEffect, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { Connection } from '../../../webview/realtime/connection';
import { ConnectionProvider } from '../../../webview/realtime/connectionContext';
import type { FakeClock } from '../../support/fakeClock';

// A turn that the fake clock gives when it settles.
notifyManager.setScheduler((callback) => void setImmediate(callback));

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

/** A connection, and React in StrictMode above it: every component is mounted twice at first. Owns the connection. */
export class ReactBench {
  readonly clock: FakeClock;
  readonly connection: Connection;
  readonly #mounted: Mounted<unknown>[] = [];

  constructor(connection: Connection, clock: FakeClock) {
    this.connection = connection;
    this.clock = clock;
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

  /** Mounts a whole page. */
  async mountPage(page: ReactElement): Promise<Mounted<undefined>> {
    const root = createRoot(document.createElement('div'));
    let passes = 0;
    await this.#act(() =>
      root.render(
        this.#above(
          <Profiler id="page" onRender={() => (passes += 1)}>
            {page}
          </Profiler>,
        ),
      ),
    );
    const mounted: Mounted<undefined> = {
      current: () => undefined,
      commits: () => passes,
      passes: () => passes,
      unmount: () => this.#act(() => root.unmount()),
    };
    this.#mounted.push(mounted);
    return mounted;
  }

  /** Does something that views may show, and lets them show it. */
  async does(action: () => void): Promise<void> {
    await this.#act(action);
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

  async advance(ms: number): Promise<void> {
    await act(() => this.clock.advance(ms));
    await this.#act(() => undefined);
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

/** Called inside a `describe`: there is a page for React while its tests run. */
export function withPage(): void {
  let window: Window | undefined;

  before('open a page', () => {
    window = new Window();
    Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  });

  after('close the page', async () => {
    await window?.happyDOM.close();
    for (const name of ['window', 'document', 'IS_REACT_ACT_ENVIRONMENT']) {
      Reflect.deleteProperty(globalThis, name);
    }
  });
}
