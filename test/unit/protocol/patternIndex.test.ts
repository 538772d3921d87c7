import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { seededRandom } from '../../../src/base/random';
import { PatternIndex } from '../../../src/protocol/patternIndex';
import { ProblemError } from '../../../src/protocol/problem';
import { trackLeaks } from '../../support/leakTracker';
import { patterns, topics } from './arbitraryTopics';
import { standsFor } from './naiveMatcher';

describe('PatternIndex', () => {
  trackLeaks();

  const cases: readonly (readonly [string, string, boolean])[] = [
    ['cluster.a.one', 'cluster.a.one', true],
    ['cluster.a.one', 'cluster.a.two', false],
    ['cluster.*.one', 'cluster.a.one', true],
    ['cluster.*', 'cluster.a.one', false],
    ['cluster.**', 'cluster.a.one', true],
    ['cluster.**', 'cluster', true],
    ['**', 'cluster.a.one', true],
    ['cluster.**.one', 'cluster.one', true],
    ['cluster.**.one', 'cluster.a.b.one', true],
    ['cluster.**.one', 'cluster.a.b.two', false],
    ['**.a.**', 'cluster.a.one', true],
    ['**.a.**.b.**', 'x.a.y.z.b', true],
    ['**.**', 'x', true],
  ];
  for (const [pattern, topic, expected] of cases) {
    it(`${pattern} ${expected ? 'stands' : 'does not stand'} for ${topic}`, () => {
      const index = new PatternIndex<string>();
      const added = index.add([pattern], 'value');
      assert.deepEqual(index.match(topic), expected ? ['value'] : []);
      assert.equal(standsFor(pattern, topic), expected);
      added.dispose();
      assert.deepEqual(index.match(topic), []);
    });
  }

  it('agrees with the naive matcher over random patterns and topics that come and go', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('add' as const), patterns: fc.array(patterns, { maxLength: 3 }) }),
      fc.record({ type: fc.constant('remove' as const), which: fc.nat() }),
      fc.record({ type: fc.constant('match' as const), topic: topics }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const index = new PatternIndex<number>((a, b) => b - a);
        let held: { value: number; patterns: readonly string[]; dispose(): void }[] = [];
        for (const [value, each] of steps.entries()) {
          if (each.type === 'add') {
            const added = index.add(each.patterns, value);
            held.push({ value, patterns: each.patterns, dispose: () => added.dispose() });
          } else if (each.type === 'remove') {
            const gone = held[each.which % Math.max(1, held.length)];
            gone?.dispose();
            gone?.dispose();
            held = held.filter((other) => other !== gone);
          } else {
            const expected = held
              .filter((other) => other.patterns.some((pattern) => standsFor(pattern, each.topic)))
              .map(({ value: other }) => other)
              .sort((a, b) => b - a);
            assert.deepEqual(index.match(each.topic), expected);
          }
        }
        for (const each of held) {
          each.dispose();
        }
        assert.equal(index.couldMatch('cluster'), false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows whether a topic that begins in some way could be matched', () => {
    fc.assert(
      fc.property(patterns, topics, topics, (pattern, prefix, rest) => {
        const index = new PatternIndex<string>();
        const added = index.add([pattern], 'value');
        if (standsFor(pattern, prefix) || standsFor(pattern, `${prefix}.${rest}`)) {
          assert.equal(index.couldMatch(prefix), true);
        }
        added.dispose();
      }),
      { numRuns: 2_000 },
    );
    const index = new PatternIndex<string>();
    const added = index.add(['cluster.s.*.x'], 'value');
    assert.equal(index.couldMatch('cluster.s'), true);
    assert.equal(index.couldMatch('cluster.s.any'), true);
    assert.equal(index.couldMatch('cluster.s.any.y'), false);
    assert.equal(index.couldMatch('alert'), false);
    added.dispose();
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['an empty pattern', '', /write \*\* for everything/],
    ['an empty segment', 'cluster..a', /empty segment; write \* /],
    ['an empty segment at the end', 'cluster.', /empty segment/],
    ['a dot alone', '.', /empty segment/],
    ['101 segments', Array.from({ length: 101 }, () => 'a').join('.'), /101 segments, at most 100/],
    ['more than 2 kB', 'x'.repeat(2_049), /2049 characters, at most 2048/],
  ];
  for (const [what, pattern, remedy] of refused) {
    it(`refuses ${what} with what to write instead, and takes none of the patterns beside it`, () => {
      const index = new PatternIndex<string>();
      assert.throws(
        () => index.add(['cluster.a', pattern], 'value'),
        (error) =>
          error instanceof ProblemError &&
          error.problem.code === 'badRequest' &&
          remedy.test(error.problem.detail) &&
          error.problem.detail.length < 300,
      );
      assert.deepEqual(index.match('cluster.a'), []);
    });
  }

  it('matches a pattern of 100 segments with 50 times ** in a moment, also where it does not match', () => {
    const index = new PatternIndex<string>();
    const pattern = Array.from({ length: 50 }, () => 'a.**').join('.');
    const added = index.add([pattern], 'value');
    const long = Array.from({ length: 2_000 }, () => 'a').join('.');
    const startedMs = performance.now();
    assert.deepEqual(index.match(long), ['value']);
    assert.deepEqual(index.match(`b.${long}`), []);
    assert.ok(performance.now() - startedMs < 500);
    added.dispose();
  });

  it('keeps answers within their bound where each is long and no two are the same', () => {
    const index = new PatternIndex<number>((a, b) => a - b);
    const added = Array.from({ length: 1_000 }, (_, n) => index.add(['**'], n));
    const topics = Array.from({ length: 600 }, (_, n) => `cluster.s.p${n}`);
    topics.forEach((topic, n) => added.push(index.add([topic], 1_000 + n)));
    let most = 0;
    for (const topic of [...topics, ...topics]) {
      assert.equal(index.match(topic).length, 1_001);
      most = Math.max(most, index.answered);
    }
    assert.ok(most > 200_000 && most <= 250_000, String(most));
    added.forEach((each) => each.dispose());
    assert.equal(index.answered, 0);
  });

  it('remembers within its bound, however many topics and sets of patterns meet', () => {
    const index = new PatternIndex<number>();
    const added = Array.from({ length: 300 }, (_, n) =>
      index.add([`cluster.s${n}.**`, `**.n${n}`, `**.n${n}.**.m${n}`], n),
    );
    const random = seededRandom(7);
    const pick = (): number => Math.floor(random.next() * 300);
    let most = 0;
    for (let n = 0; n < 60_000; n += 1) {
      const source = pick();
      const topic = `cluster.s${source}.n${pick()}.n${pick()}.m${pick()}`;
      assert.ok(index.match(topic).includes(source));
      most = Math.max(most, index.remembered);
    }
    assert.ok(most > 45_000 && most < 55_000, String(most));
    for (const each of added) {
      each.dispose();
    }
  });

  it('remembers no more for topics whose names nobody names', () => {
    const index = new PatternIndex<number>();
    const added = index.add(['cluster.s.*', 'cluster.*.x', '**.y'], 1);
    index.match('cluster.s.first');
    const { remembered } = index;
    for (let n = 0; n < 1_000; n += 1) {
      index.match(`cluster.s.name-${n}`);
    }
    assert.equal(index.remembered, remembered);
    added.dispose();
  });
});
