import assert from 'node:assert/strict';
import { toDisposable, type Disposable } from '../../../../src/base/disposable';
import { NowTicker, type Visibility } from '../../../../webview/realtime/nowTicker';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';

class FakeVisibility implements Visibility {
  visible = true;
  readonly #listeners = new Set<() => void>();

  isVisible(): boolean {
    return this.visible;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  set(visible: boolean): void {
    this.visible = visible;
    this.#listeners.forEach((listener) => listener());
  }
}

describe('NowTicker', () => {
  trackLeaks();

  it('has one timer for all who look, and none when nobody does', async () => {
    const clock = new FakeClock();
    const ticker = new NowTicker(clock, new FakeVisibility());
    assert.equal(clock.pendingTimers, 0);
    const seen: number[] = [];
    const start = clock.now();
    const stops = [
      ticker.subscribe(() => undefined),
      ticker.subscribe(() => seen.push(ticker.now() - start)),
    ];
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(2_000);
    assert.deepEqual(seen, [1_000, 2_000]);
    stops.forEach((stop) => stop());
    assert.equal(clock.pendingTimers, 0);
    ticker.dispose();
  });

  it('rests while the view is hidden, and is right at once when it is shown', async () => {
    const clock = new FakeClock();
    const visibility = new FakeVisibility();
    const ticker = new NowTicker(clock, visibility);
    const stop = ticker.subscribe(() => undefined);
    visibility.set(false);
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(60_000);
    visibility.set(true);
    assert.equal(ticker.now(), clock.now());
    stop();
    ticker.dispose();
  });
});
