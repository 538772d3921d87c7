import assert from 'node:assert/strict';
import { untilSelected } from '../../../src/extension/tree/untilSelected';
import { FakeClock } from '../../support/fakeClock';

describe('The selected row', () => {
  it('is there at once where VS Code knows it', async () => {
    assert.equal(await untilSelected(() => 'row', new FakeClock()), 'row');
  });

  it('is waited for while rows are drawn anew', async () => {
    const clock = new FakeClock();
    let row: string | undefined;
    const selected = untilSelected(() => row, clock);
    await clock.advance(500);
    row = 'row';
    await clock.advance(500);
    assert.equal(await selected, 'row');
  });

  it('is none where nothing comes', async () => {
    const clock = new FakeClock();
    const selected = untilSelected(() => undefined, clock);
    await clock.advance(5_000);
    assert.equal(await selected, undefined);
  });
});
