import { toDisposable, type Disposable } from '../../src/base/disposable';

/** What can be chosen; `system` follows the browser. */
export const THEME_CHOICES = ['system', 'dark', 'light', 'hc-dark', 'hc-light'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'clusterpersona.theme';
const LIGHT = '(prefers-color-scheme: light)';
/** Colours of the reader's own stand for as much contrast as there is. */
const CONTRAST = '(prefers-contrast: more), (forced-colors: active)';

/** The colours of the page: chosen once for all visits, else as the browser has it, also when that changes. */
export class Theme implements Disposable {
  readonly #listeners = new Set<() => void>();
  readonly #following: readonly Disposable[];
  #choice: ThemeChoice;

  constructor() {
    this.#choice = remembered();
    this.#apply();
    this.#following = [LIGHT, CONTRAST].map((query) => {
      const media = matchMedia(query);
      const onChange = (): void => this.#apply();
      media.addEventListener('change', onChange);
      return toDisposable(() => media.removeEventListener('change', onChange));
    });
  }

  readonly choice = (): ThemeChoice => this.#choice;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // It holds for this page at least.
    }
    this.#apply();
    for (const listener of this.#listeners) {
      listener();
    }
  }

  dispose(): void {
    for (const following of this.#following) {
      following.dispose();
    }
  }

  #apply(): void {
    const scheme = matchMedia(LIGHT).matches ? 'light' : 'dark';
    const system = matchMedia(CONTRAST).matches ? `hc-${scheme}` : scheme;
    document.documentElement.dataset['theme'] = this.#choice === 'system' ? system : this.#choice;
  }
}

function remembered(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return THEME_CHOICES.find((choice) => choice === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
