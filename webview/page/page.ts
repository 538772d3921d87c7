import * as l10n from '@vscode/l10n';
import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import { Emitter } from '../../src/base/emitter';
import { nullLogger, type Logger } from '../../src/base/logger';
import { systemRandom } from '../../src/base/random';
import type { HttpFetch } from '../../src/transport/web/httpFetch';
import { browserNextFrame } from '../bridge/browserNextFrame';
import { documentVisibility } from '../bridge/documentVisibility';
import { HubTime } from '../bridge/browser/hubTime';
import { sessionTokenKeep } from '../bridge/browser/sessionTokenKeep';
import { TicketCredentials } from '../bridge/browser/ticketCredentials';
import { PageSession } from './pageSession';
import { Router } from './router';
import { Theme } from './theme';

/** A word on what came of something is shown for this long. */
const SAID_FOR_MS = 4_000;

const pageFetch: HttpFetch = (url, options) => fetch(url, options);

/** The page as a whole: where the reader is, who they are, and the way to the hub that the page came from. */
export class Page implements Disposable {
  readonly router: Router;
  readonly theme = new Theme();
  readonly credentials: TicketCredentials;
  /** The hub's address, without a slash at its end. */
  readonly hubUrl: string;
  readonly #clock = new HubTime();
  readonly #owned = new DisposableStore();
  readonly #sayTimer = new DisposableStore();
  readonly #awake: Emitter<void>;
  readonly #logger: Logger;
  readonly #listeners = new Set<() => void>();
  #session: PageSession;
  #said: string | undefined;

  constructor() {
    const report = (error: unknown): void => queueMicrotask(() => reportError(error));
    // What happens to a connection is on the page itself; a fault of our own belongs in the browser's console.
    this.#logger = { ...nullLogger, error: (message, cause) => report(cause ?? new Error(message)) };
    const root = new URL('.', document.baseURI).href;
    this.hubUrl = root.replace(/\/$/, '');
    this.router = this.#owned.add(new Router(root));
    this.#owned.add(this.theme);
    this.#awake = this.#owned.add(new Emitter<void>(report));
    this.credentials = new TicketCredentials({
      baseUrl: this.hubUrl,
      fetch: pageFetch,
      clock: this.#clock,
      keep: sessionTokenKeep,
      onListenerError: report,
    });
    this.#session = this.#newSession();
    this.#watch();
  }

  /** The same object until `subscribe` tells. */
  readonly session = (): PageSession => this.#session;

  /** What came of what the reader did, for a moment. */
  readonly said = (): string | undefined => this.#said;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#session.hub.start();
  }

  /** Rejects with why the hub does not take the token. */
  async signIn(token: string, isKept: boolean): Promise<void> {
    await this.credentials.signIn(token, isKept, new AbortController().signal);
    this.#beginAnew();
  }

  signOut(): void {
    this.credentials.signOut();
    this.#beginAnew();
  }

  dispose(): void {
    this.#listeners.clear();
    this.#session.dispose();
    this.#sayTimer.dispose();
    this.#owned.dispose();
  }

  #newSession(): PageSession {
    const session = new PageSession(
      {
        baseUrl: this.hubUrl,
        clock: this.#clock,
        random: systemRandom,
        logger: this.#logger,
        credentials: this.credentials,
        openSocket: (url) => new WebSocket(url),
        fetch: pageFetch,
        nextFrame: browserNextFrame,
        onAwake: this.#awake.event,
      },
      this.router,
      {
        onCopied: (isDone) =>
          this.#say(isDone ? l10n.t('Copied') : l10n.t('The browser does not allow copying')),
        onFailed: ({ detail }) => this.#say(l10n.t('The hub did not do that: {0}.', detail)),
      },
    );
    session.hub.client.onStateChange(({ type }) => {
      if (type === 'open') {
        void this.#learnTime();
      }
    });
    return session;
  }

  #beginAnew(): void {
    this.#session.dispose();
    this.#session = this.#newSession();
    this.#tell();
    this.#session.hub.start();
  }

  async #learnTime(): Promise<void> {
    try {
      const answer = await fetch(`${this.hubUrl}/healthz`, { cache: 'no-store', credentials: 'omit' });
      this.#clock.learn(answer.headers.get('date'));
      await answer.text();
    } catch {
      // The connection says so itself.
    }
  }

  #watch(): void {
    const wake = (): void => this.#awake.fire();
    this.#listen('online', wake);
    this.#owned.add(documentVisibility.onChange(() => documentVisibility.isVisible() && wake()));
    // A page that the browser sets aside must hold no connection; it may come back as it was left.
    this.#listen('pagehide', () => this.#session.hub.stop());
    this.#listen('pageshow', (event) => {
      if (event instanceof PageTransitionEvent && event.persisted) {
        this.#session.hub.start();
      }
    });
  }

  #listen(type: string, listener: (event: Event) => void): void {
    addEventListener(type, listener);
    this.#owned.add(toDisposable(() => removeEventListener(type, listener)));
  }

  #say(text: string | undefined): void {
    this.#said = text;
    this.#sayTimer.clear();
    if (text !== undefined) {
      this.#sayTimer.add(this.#clock.schedule(SAID_FOR_MS, () => this.#say(undefined)));
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
