import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../../src/base/disposable';

describe('DisposableStore', () => {
  it('releases what it owns, newest first and once', () => {
    const released: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => released.push('first')));
    store.add(toDisposable(() => released.push('second')));
    store.dispose();
    store.dispose();
    assert.deepEqual(released, ['second', 'first']);
  });

  it('releases at once what is added too late', () => {
    const store = new DisposableStore();
    store.dispose();
    let released = false;
    store.add(toDisposable(() => (released = true)));
    assert.ok(released);
  });

  it('stays usable after being cleared', () => {
    const released: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => released.push('first')));
    store.clear();
    store.add(toDisposable(() => released.push('second')));
    assert.deepEqual(released, ['first']);
    store.dispose();
    assert.deepEqual(released, ['first', 'second']);
  });

  it('releases the others when one fails, and fails afterwards', () => {
    const released: string[] = [];
    const fault = new Error('first fault');
    const failing = (error: Error) => ({
      dispose: () => {
        throw error;
      },
    });
    const store = new DisposableStore();
    store.add(toDisposable(() => released.push('first')));
    store.add(failing(fault));
    store.add(toDisposable(() => released.push('second')));
    assert.throws(
      () => store.dispose(),
      (error) => error === fault,
    );
    assert.deepEqual(released, ['second', 'first']);
    store.dispose();

    const other = new DisposableStore();
    other.add(failing(fault));
    other.add(toDisposable(() => released.push('third')));
    other.add(failing(new Error('second fault')));
    assert.throws(
      () => other.clear(),
      (error) =>
        error instanceof AggregateError &&
        error.errors.map(String).join() === 'Error: second fault,Error: first fault',
    );
    assert.deepEqual(released, ['second', 'first', 'third']);
    other.dispose();
  });
});
