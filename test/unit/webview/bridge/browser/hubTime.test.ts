import assert from 'node:assert/strict';
import { HubTime } from '../../../../../webview/bridge/browser/hubTime';
import { FakeClock } from '../../../../support/fakeClock';

describe('the time by which a page reckons', () => {
  const header = (ms: number): string => new Date(ms).toUTCString();

  it('is that of the hub, where the machines differ', () => {
    const clock = new FakeClock();
    const time = new HubTime(clock);
    const start = time.now();
    time.learn(header(clock.now() + 3_600_000));
    assert.ok(Math.abs(time.now() - start - 3_600_000) <= 1_500);
    time.learn(header(clock.now() - 60_000));
    assert.ok(Math.abs(time.now() - start + 60_000) <= 1_500);
  });

  it('is this machine’s own where they do not, or where nothing can be learned', () => {
    const clock = new FakeClock();
    const time = new HubTime(clock);
    for (const said of [header(clock.now()), header(clock.now() + 1_000), 'nonsense', '', null]) {
      time.learn(said);
      assert.equal(time.now(), clock.now());
    }
    assert.equal(time.monotonic(), clock.monotonic());
  });

  it('goes back to it when the difference is gone', () => {
    const clock = new FakeClock();
    const time = new HubTime(clock);
    time.learn(header(clock.now() + 3_600_000));
    time.learn(header(clock.now()));
    assert.equal(time.now(), clock.now());
  });
});
