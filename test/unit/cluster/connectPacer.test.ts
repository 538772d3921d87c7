import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock';
import { ConnectPacer, connectPacerOf } from '../../../src/cluster/connectPacer';
import { FakeClock } from '../../support/fakeClock';

describe('the beginnings of connections', () => {
  it('are at once for a few, and spread over turns for many, in order', () => {
    const turns: (() => void)[] = [];
    const pacer = new ConnectPacer({
      ...systemClock,
      schedule(_, callback) {
        turns.push(callback);
        return { dispose() {} };
      },
    });
    const begun: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      pacer.begin(() => begun.push(index));
    }
    const counts = [begun.length];
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      turn();
      counts.push(begun.length);
    }
    assert.deepEqual(counts, [8, 16, 20, 20], 'and no turn is waited for when nobody waits');
    assert.deepEqual(
      begun,
      Array.from({ length: 20 }, (_, index) => index),
    );
    pacer.begin(() => begun.push(20));
    assert.equal(begun.length, 21, 'the next one begins at once');
  });

  it('share a turn where they share a clock', () => {
    const clock = new FakeClock();
    assert.equal(connectPacerOf(clock), connectPacerOf(clock));
    assert.notEqual(connectPacerOf(clock), connectPacerOf(new FakeClock()));
  });
});
