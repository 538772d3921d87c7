import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TombstoneLog } from '../../../src/hub/tombstoneLog';

describe('TombstoneLog', () => {
  it('knows nothing until it is opened, nor after it was closed', () => {
    const log = new TombstoneLog();
    log.add('a', '5');
    assert.equal(log.since('1'), undefined);
    log.open('7');
    log.add('b', '8');
    assert.deepEqual(log.since('7'), ['b']);
    assert.equal(log.since('6'), undefined);
    log.close();
    log.add('c', '9');
    assert.equal(log.since('9'), undefined);
    log.open('10');
    assert.deepEqual(log.since('10'), []);
    assert.equal(log.since('9'), undefined);
  });

  it('says nothing about versions that cannot be compared', () => {
    const log = new TombstoneLog();
    log.open('7');
    for (const version of ['', 'x', '07', '-1', '8.5']) {
      assert.equal(log.since(version), undefined, version);
    }
    log.open('not a number');
    log.add('a', 'nor this');
    assert.equal(log.since('7'), undefined);
  });

  it('agrees with an array over random deletions, and is bounded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 5_000 }),
        fc.array(fc.nat(12_000), { maxLength: 20 }),
        (steps, questions) => {
          const log = new TombstoneLog();
          // Beyond what a number holds, and of more and more digits.
          const versionOf = (n: number): string => String(9_999_999_999_999_994_000n + BigInt(n));
          log.open(versionOf(0));
          const deleted: { readonly name: string; readonly at: number }[] = [];
          let at = 1;
          for (const [index, step] of steps.entries()) {
            at += step;
            deleted.push({ name: `n${index}`, at });
            log.add(`n${index}`, versionOf(at));
          }
          for (const question of questions) {
            const expected = deleted.filter((each) => each.at > question).map(({ name }) => name);
            const answer = log.since(versionOf(question));
            if (answer === undefined) {
              assert.ok(expected.length > 999, `${expected.length} were forgotten`);
            } else {
              assert.ok(answer.length <= 2_000);
              assert.deepEqual(answer, expected);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
