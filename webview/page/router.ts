import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import { hasEntryBefore, pushEntry } from '../bridge/browser/historyState';
import { parseRoute, routeHref, type Route } from './route';

/** One look at a place: going there anew is another one, with choices of its own. */
export interface Visit {
  readonly route: Route;
  /** Different for each. */
  readonly id: number;
}

/**
 * Where in the page the reader is. The browser's history is the only place where that is kept: links, "Back", reloading and new
 * tabs work as on any page, and a link within the page is followed without loading anything.
 */
export class Router implements Disposable {
  /** What all addresses are below; it ends with a slash. */
  readonly #root: string;
  readonly #owned = new DisposableStore();
  readonly #listeners = new Set<() => void>();
  #visit: Visit;
  /** How the list was left. */
  #fleetHref = './';

  constructor(root: string) {
    this.#root = root;
    this.#visit = { route: this.#routeNow(), id: 0 };
    this.#noteFleet(this.#visit.route);
    const onPopState = (): void => this.#arrived();
    addEventListener('popstate', onPopState);
    this.#owned.add(toDisposable(() => removeEventListener('popstate', onPopState)));
    const onClick = (event: MouseEvent): void => this.#clicked(event);
    document.addEventListener('click', onClick);
    this.#owned.add(toDisposable(() => document.removeEventListener('click', onClick)));
  }

  /** The same object until `subscribe` tells. */
  readonly visit = (): Visit => this.#visit;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The address of the list as it was last seen. */
  get lastFleetHref(): string {
    return this.#fleetHref;
  }

  /** Goes to an address as a link has it. */
  go(href: string): void {
    pushEntry(new URL(href, this.#root));
    this.#arrived();
  }

  /** Back to where the reader came from, or else from a log to its cluster and from that to the list. */
  leave(): void {
    const { route } = this.#visit;
    if (route.type === 'fleet') {
      return;
    }
    if (hasEntryBefore()) {
      history.back();
      return;
    }
    const href =
      route.type === 'logs' ? routeHref({ type: 'detail', source: route.source, name: route.name }) : './';
    if (href !== undefined) {
      this.go(href);
    }
  }

  /** Writes other choices into the address of the place that is shown; that is no visit of its own. */
  replace(route: Exclude<Route, { type: 'nowhere' }>): void {
    const href = routeHref(route);
    if (href !== undefined) {
      history.replaceState(history.state, '', new URL(href, this.#root));
      this.#noteFleet(route);
    }
  }

  dispose(): void {
    this.#listeners.clear();
    this.#owned.dispose();
  }

  #routeNow(): Route {
    return parseRoute(new URL(location.href), this.#root);
  }

  #arrived(): void {
    this.#visit = { route: this.#routeNow(), id: this.#visit.id + 1 };
    this.#noteFleet(this.#visit.route);
    for (const listener of this.#listeners) {
      listener();
    }
  }

  #noteFleet(route: Route): void {
    if (route.type === 'fleet') {
      this.#fleetHref = routeHref(route) ?? './';
    }
  }

  /** A plain click on a link of the page; whatever else is left to the browser: new tabs, other pages. */
  #clicked(event: MouseEvent): void {
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (event.defaultPrevented || !isPlain || link === null || link.target !== '') {
      return;
    }
    if (parseRoute(new URL(link.href), this.#root).type !== 'nowhere') {
      event.preventDefault();
      this.go(link.href);
    }
  }
}
