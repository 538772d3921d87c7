import assert from 'node:assert/strict';
import { setDisposableTracker, type Disposable } from '../../src/base/disposable';

/**
 * Called inside a `describe`: each of its tests fails that leaves a disposable behind, and says where it was made. Hooks
 * that release things have to be registered before this call, since mocha runs `afterEach` hooks in their order.
 */
export function trackLeaks(): void {
  const left = new Map<Disposable, Error>();

  beforeEach('track disposables', () => {
    left.clear();
    setDisposableTracker({
      made: (disposable) => left.set(disposable, new Error('made here')),
      disposed: (disposable) => left.delete(disposable),
    });
  });

  afterEach('no disposable is left', () => {
    setDisposableTracker(undefined);
    const stacks = [...left.values()].map(({ stack }) => stack?.split('\n').slice(1, 8).join('\n') ?? '');
    left.clear();
    assert.equal(
      stacks.length,
      0,
      `${stacks.length} disposables were left behind, made\n${stacks.join('\nand\n')}`,
    );
  });
}
