import { toDisposable } from '../../src/base/disposable';
import type { NextFrame } from '../../src/client/nextFrame';

/** The browser's own. */
export const browserNextFrame: NextFrame = (callback) => {
  const handle = requestAnimationFrame(() => callback());
  return toDisposable(() => cancelAnimationFrame(handle));
};
