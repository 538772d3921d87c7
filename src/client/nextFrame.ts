import type { Disposable } from '../base/disposable';

/**
 * Calls back once, before the browser paints the next time; never while nobody sees the page. A port, so that tests need no
 * browser.
 */
export type NextFrame = (callback: () => void) => Disposable;
