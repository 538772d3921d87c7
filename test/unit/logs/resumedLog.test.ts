import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { heldTail } from '../../../src/logs/lineFingerprint';
import { ResumedLog } from '../../../src/logs/resumedLog';
import { at, decode, encode, newStore } from './heldText';

/** What is new when a log whose lines `held` are held is opened again, and sends `came`. */
function resume(held: readonly string[], came: readonly string[], cut = 1_000) {
  const { store, order } = newStore();
  store.append(encode(held.map((line) => `${line}\n`).join('')));
  const tail = heldTail(store, order);
  assert.ok(tail);
  const log = new ResumedLog(tail, order);
  const bytes = encode(came.map((line) => `${line}\n`).join(''));
  const rest: Uint8Array[] = [];
  let isLost: boolean | undefined;
  for (let from = 0; from < bytes.length; from += cut) {
    const piece = bytes.subarray(from, from + cut);
    if (isLost !== undefined) {
      rest.push(piece);
      continue;
    }
    const found = log.append(piece);
    if (found !== undefined) {
      ({ isLost } = found);
      rest.push(...found.rest);
    }
  }
  if (isLost === undefined) {
    const found = log.settle();
    ({ isLost } = found);
    rest.push(...found.rest);
  }
  const text = rest.map(decode).join('');
  return { isLost, fresh: text === '' ? [] : text.replace(/\n$/, '').split('\n'), sinceTime: tail.sinceTime };
}

const line = (ms: number, text: string): string => `${at(ms)} ${text}`;

describe('a log that is taken up again', () => {
  it('goes on behind the last line that is held, be its like written many times', () => {
    const held = [line(1_000, 'a'), line(2_000, 'same'), line(2_000, 'same'), line(2_100, 'b')];
    const again = [...held, line(2_100, 'b'), line(3_000, 'c')];
    assert.deepEqual(resume(held, again), {
      isLost: false,
      fresh: [line(2_100, 'b'), line(3_000, 'c')],
      sinceTime: at(1_000),
    });
  });

  it('has lost something where the last line does not come again', () => {
    const held = [line(1_000, 'a'), line(1_100, 'b')];
    assert.deepEqual(resume(held, [line(1_000, 'a'), line(3_000, 'c')]), {
      isLost: true,
      fresh: [line(1_000, 'a'), line(3_000, 'c')],
      sinceTime: at(1_000),
    });
    assert.deepEqual(resume(held, [line(3_000, 'c')]).fresh, [line(3_000, 'c')]);
    assert.equal(resume(held, []).isLost, true);
  });

  it('goes on from behind the last marker that lines follow', () => {
    const { store } = newStore();
    assert.equal(store.beginOfRun(), 0);
    store.append(encode('a\nb\n'));
    assert.equal(store.beginOfRun(), 0);
    store.mark({ type: 'gap' });
    assert.equal(store.beginOfRun(), 0);
    store.mark({ type: 'restarted' });
    store.append(encode('c\nd\n'));
    assert.equal(store.beginOfRun(), 4);
    store.mark({ type: 'restarted' });
    assert.equal(store.beginOfRun(), 4);
    const { store: empty } = newStore();
    empty.mark({ type: 'gap' });
    assert.equal(empty.beginOfRun(), empty.next);
  });

  it('has lost nothing where only lines are gone that are held', () => {
    const held = [line(1_000, 'a'), line(1_100, 'b'), line(1_200, 'c')];
    assert.deepEqual(resume(held, [line(1_200, 'c'), line(5_000, 'd')]), {
      isLost: false,
      fresh: [line(5_000, 'd')],
      sinceTime: at(1_000),
    });
  });

  it('leaves out earlier lines of the second, which were never asked for', () => {
    const held = [line(1_500, 'c'), line(1_600, 'd')];
    assert.deepEqual(resume(held, [line(1_100, 'a'), line(1_500, 'b'), ...held, line(1_600, 'e')]).fresh, [
      line(1_600, 'e'),
    ]);
  });

  it('knows the lines of before a clock was set back', () => {
    const held = [line(9_000, 'a'), line(9_100, 'b'), line(1_000, 'c'), line(1_001, 'd')];
    assert.deepEqual(resume(held, [...held, line(1_002, 'e')]), {
      isLost: false,
      fresh: [line(1_002, 'e')],
      sinceTime: at(1_000),
    });
  });

  it('compares lines without times by their sequence alone', () => {
    assert.deepEqual(resume(['a', 'b', 'a'], ['a', 'b', 'a', 'b', 'a']).fresh, ['b', 'a']);
    assert.deepEqual(resume(['a', 'b', 'a'], ['x', 'y']).isLost, true);
  });

  it('loses no line and shows none twice, wherever it was cut and whatever was given up', () => {
    const texts = fc.constantFrom('a', 'b');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(700), texts), { minLength: 2, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 200 }),
        (steps, drawnHeld, drawnFirst, drawnGivenUp, cut) => {
          // Times grow, so that each line is another one but for those of one instant.
          let ms = 0;
          const file = steps.map(([step, text]) => line((ms += step), text));
          const next = 1 + (drawnHeld % (file.length - 1));
          const first = drawnFirst % next;
          const givenUp = drawnGivenUp % file.length;
          const held = file.slice(first, next);
          const second = (held[0] ?? '').slice(0, 19);
          const sent = file.filter((each, index) => index >= givenUp && each.slice(0, 19) >= second);
          const { isLost, fresh } = resume(held, sent, cut);
          if (isLost) {
            assert.ok(givenUp >= next || new Set(file).size < file.length, 'the last line had come');
            return;
          }
          // Lines of one instant with the same text cannot be told apart: how many of them are new may be.
          if (new Set(file).size === file.length) {
            assert.deepEqual(fresh, file.slice(next));
          } else {
            assert.ok(fresh.length >= file.length - next || givenUp > 0, 'a line was lost');
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
