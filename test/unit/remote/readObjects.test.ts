import assert from 'node:assert/strict';
import type { RequestResult } from '../../../src/protocol/requests';
import { readObjects } from '../../../src/remote/readObjects';
import { FakeClock } from '../../support/fakeClock';

type Answer = RequestResult<'clusters.objects'>;

/** More than any hub has. */
const TEST_GIVES_UP = 50_000;

/** A hub that answers each page by what a test makes of its number, and says that there is more. */
class EndlessHub {
  readonly #page: (page: number) => Answer['objects'];
  pages = 0;

  constructor(page: (page: number) => Answer['objects']) {
    this.#page = page;
  }

  read() {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const ask = (): Promise<Answer> => {
      this.pages += 1;
      assert.ok(this.pages < TEST_GIVES_UP, 'it is read for ever');
      return Promise.resolve({
        objects: this.#page(this.pages),
        removed: [],
        version: 'v1',
        reset: true,
        isRead: true,
        now: clock.now(),
        after: String(this.pages).padStart(9, '0'),
        status: { source: 's', kind: 'kubeconfig', label: 's', state: { type: 'live' }, count: 0 },
      });
    };
    return readObjects(ask, { source: 's', since: undefined, isLooking: false, clock, signal });
  }
}

describe('Pages of a hub that has no end', () => {
  it('are read no further than the first that has nothing in it', async () => {
    const hub = new EndlessHub(() => []);
    await assert.rejects(hub.read(), /goes round in circles/);
    assert.equal(hub.pages, 1);
  });

  it('are bounded where their objects are malformed', async () => {
    const hub = new EndlessHub(() => Array.from({ length: 500 }, () => ({ metadata: { name: '' } })));
    await assert.rejects(hub.read(), /more than 200000 objects/);
    assert.equal(hub.pages, 401);
  });

  it('are bounded where each has a single object', async () => {
    const hub = new EndlessHub((page) => [{ metadata: { name: `object ${page}` } }]);
    await assert.rejects(hub.read(), /more than 10000 pages/);
    assert.equal(hub.pages, 10_000);
  });

  it('are bounded where their objects are large', async () => {
    const text = 'x'.repeat(8 * 1024 * 1024);
    const hub = new EndlessHub((page) => [{ metadata: { name: `object ${page}` }, text }]);
    await assert.rejects(hub.read(), /more than 268435456 characters/);
    assert.equal(hub.pages, 32);
  });
});
