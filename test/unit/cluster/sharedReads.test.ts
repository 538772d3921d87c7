import assert from 'node:assert/strict';
import { SharedReads } from '../../../src/cluster/sharedReads';

describe('reads that are shared', () => {
  /** Reads that end when they are told to, in the order in which they began. */
  function scripted() {
    const begun: { readonly name: string; end(value: string): void; fail(error: Error): void }[] = [];
    const reads = new SharedReads(
      (name) =>
        new Promise<string>((resolve, reject) => {
          begun.push({ name, end: resolve, fail: reject });
        }),
    );
    return { begun, reads };
  }

  it('are done once for all who ask while one runs, and begin after they asked', async () => {
    const { begun, reads } = scripted();
    const first = reads.read('a');
    const late = [reads.read('a'), reads.read('a')];
    assert.equal(begun.length, 1);
    begun[0]?.end('old');
    assert.equal(await first, 'old');
    assert.equal(begun.length, 2, 'one more for both who came late');
    begun[1]?.end('new');
    assert.deepEqual(await Promise.all(late), ['new', 'new']);
    const after = reads.read('a');
    assert.equal(begun.length, 3);
    begun[2]?.end('newer');
    assert.equal(await after, 'newer');
  });

  it('of other names do not wait', () => {
    const { begun, reads } = scripted();
    void reads.read('a');
    void reads.read('b');
    assert.deepEqual(
      begun.map(({ name }) => name),
      ['a', 'b'],
    );
  });

  it('that fail do so for those who asked, and for nobody after them', async () => {
    const { begun, reads } = scripted();
    const first = reads.read('a');
    const late = reads.read('a');
    begun[0]?.fail(new Error('gone'));
    await assert.rejects(first, /gone/);
    begun[1]?.end('back');
    assert.equal(await late, 'back');
  });
});
