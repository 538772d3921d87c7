import assert from 'node:assert/strict';
import { setDisposableTracker, type Disposable } from '../../src/base/disposable';

/** Notes every disposable made from now on. The result ends that, and says where those left behind were made. */
export function beginTracking(): () => readonly string[] {
  const left = new Map<Disposable, Error>();
  setDisposableTracker({
    made: (disposable) => left.set(disposable, new Error('made here')),
    disposed: (disposable) => left.delete(disposable),
  });
  return () => {
    setDisposableTracker(undefined);
    return [...left.values()].map(({ stack }) => stack?.split('\n').slice(1, 8).join('\n') ?? '');
  };
}

/** Fails where {@link beginTracking} found something. */
export function assertNothingLeft(stacks: readonly string[]): void {
  assert.equal(
    stacks.length,
    0,
    `${stacks.length} disposables were left behind, made\n${stacks.join('\nand\n')}`,
  );
}

/**
 * Called inside a `describe`: each of its tests fails that leaves a disposable behind, and says where it was made. Hooks
 * that release things have to be registered before this call, since mocha runs `afterEach` hooks in their order.
 */
export function trackLeaks(): void {
  let endTracking: () => readonly string[] = () => [];

  beforeEach('track disposables', () => {
    endTracking = beginTracking();
  });

  afterEach('no disposable is left', () => assertNothingLeft(endTracking()));
}
