import type { VscodeSession } from './vscodeSession';

/** An `afterEach` hook that keeps what the window showed when a test failed, as `pictures/failed-….png`. */
export function pictureOfFailure(session: () => VscodeSession | undefined) {
  return async function (this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.isFailed() === true) {
      const name = test
        .fullTitle()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-');
      await session()?.workbench.picture(`failed-${name.slice(0, 100)}`);
    }
  };
}
