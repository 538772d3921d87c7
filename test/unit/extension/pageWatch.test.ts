import assert from 'node:assert/strict';
import { PAGE_PATIENCE_MS, PageWatch } from '../../../src/extension/panels/pageWatch';
import { FakeClock } from '../../support/fakeClock';

describe('What is said of a page that VS Code does not run', () => {
  function watch() {
    const clock = new FakeClock();
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    return { clock, said, page: new PageWatch(clock, { warn: say, info: say }) };
  }

  it('is nothing where the page says something in time, or is out of sight again', async () => {
    const { clock, said, page } = watch();
    page.setVisible(true);
    await clock.advance(PAGE_PATIENCE_MS - 1);
    page.heard();
    await clock.advance(PAGE_PATIENCE_MS);
    page.setVisible(true);
    page.setVisible(false);
    await clock.advance(PAGE_PATIENCE_MS);
    assert.deepEqual(said, []);
  });

  it('is that it is late, and how late it was', async () => {
    const { clock, said, page } = watch();
    page.setVisible(true);
    await clock.advance(41_000);
    page.heard();
    page.heard();
    assert.deepEqual(said, [
      'VS Code has not run the page of this panel within 10 s',
      'VS Code ran the page of this panel after 41 s',
    ]);
  });

  it('is nothing once the panel is closed', async () => {
    const { clock, said, page } = watch();
    page.setVisible(true);
    page.dispose();
    await clock.advance(PAGE_PATIENCE_MS);
    assert.deepEqual(said, []);
  });
});
