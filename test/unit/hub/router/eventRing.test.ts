import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { EventRing, type ReplayQuery } from '../../../../src/hub/router/eventRing';
import { topicFilter } from '../../../../src/protocol/topicFilter';
import { patterns, topics } from '../../protocol/arbitraryTopics';
import { standsFor } from '../../protocol/naiveMatcher';

interface Entry {
  readonly topic: string;
  readonly at: number;
  readonly sequence: number;
}

/** Keeps everything that ever was, with whether the ring may have given it up. */
class ArrayRing {
  kept: Entry[] = [];
  gone: Entry[] = [];
  capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  setCapacity(capacity: number): void {
    this.capacity = capacity;
    while (this.kept.length > capacity) {
      this.gone.push(...this.kept.splice(0, 1));
    }
  }

  append(entry: Entry): void {
    this.kept = [...this.kept.filter(({ topic }) => topic !== entry.topic), entry];
    this.setCapacity(this.capacity);
  }
}

describe('EventRing', () => {
  it('agrees with an array over random events, capacities and questions, and never tells less without saying so', () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ type: fc.constant('append' as const), topic: topics, at: fc.nat(50) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('resize' as const), capacity: fc.nat(12) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant('replay' as const),
          after: fc.option(fc.nat(60)),
          since: fc.option(fc.nat(50)),
          patterns: fc.option(fc.array(patterns, { minLength: 1, maxLength: 3 })),
        }),
      },
    );
    let incomplete = 0;
    let complete = 0;
    fc.assert(
      fc.property(fc.nat(12), fc.array(step, { minLength: 10, maxLength: 80 }), (capacity, steps) => {
        const ring = new EventRing<Entry>(capacity);
        const model = new ArrayRing(capacity);
        let sequence = 0;
        for (const each of steps) {
          if (each.type === 'append') {
            sequence += 1;
            const entry = { topic: each.topic, at: each.at, sequence };
            ring.append(entry, sequence);
            model.append(entry);
          } else if (each.type === 'resize') {
            ring.setCapacity(each.capacity);
            model.setCapacity(each.capacity);
          } else {
            const query: ReplayQuery = {
              ...(each.after === null ? {} : { after: each.after }),
              ...(each.since === null ? {} : { since: each.since }),
              ...(each.patterns === null ? {} : { topics: topicFilter(each.patterns) }),
            };
            const isAsked = (entry: Entry): boolean =>
              entry.sequence > (each.after ?? 0) &&
              entry.at >= (each.since ?? 0) &&
              (each.patterns?.some((pattern) => standsFor(pattern, entry.topic)) ?? true);
            const { events, isComplete } = ring.replay(query);
            assert.deepEqual(events, model.kept.filter(isAsked));
            const isSuperseded = (entry: Entry): boolean =>
              model.kept.some((kept) => kept.topic === entry.topic);
            const lost = model.gone.filter((entry) => isAsked(entry) && !isSuperseded(entry));
            assert.ok(!isComplete || lost.length === 0, 'something was lost without a word');
            // Nor is a gap told where nothing at all was given up.
            assert.ok(isComplete || model.gone.some((entry) => entry.sequence > (each.after ?? 0)));
            complete += Number(isComplete);
            incomplete += Number(!isComplete);
          }
          assert.equal(ring.size, model.kept.length);
          assert.ok(ring.size <= model.capacity);
        }
      }),
      { numRuns: 1_000 },
    );
    assert.ok(complete > 100 && incomplete > 100, `${complete} complete, ${incomplete} not`);
  });

  it('replays of each topic the latest event alone, so that what was resolved is no alert', () => {
    const ring = new EventRing<{ topic: string; at: number; type: string }>(10);
    const events = ['alert.raised', 'cluster.updated', 'alert.resolved'].map((type, index) => ({
      type,
      topic: type.startsWith('alert') ? 'alert.s.x' : 'cluster.s.a',
      at: index,
    }));
    events.forEach((event, index) => ring.append(event, index + 1));
    assert.deepEqual(
      ring.replay({}).events.map(({ type }) => type),
      ['cluster.updated', 'alert.resolved'],
    );
    assert.equal(ring.latest('alert.s.x')?.type, 'alert.resolved');
  });

  it('says of a flood of one source nothing about the others', () => {
    const ring = new EventRing<{ topic: string; at: number }>(5);
    for (let n = 1; n <= 100; n += 1) {
      ring.append({ topic: `cluster.loud.${n}`, at: n }, n);
    }
    const complete = (pattern: string, after = 0): boolean =>
      ring.replay({ after, topics: topicFilter([pattern]) }).isComplete;
    assert.equal(complete('cluster.silent.*'), true);
    assert.equal(complete('alert.loud.*'), true);
    assert.equal(complete('cluster.loud.1'), false);
    assert.equal(complete('**'), false);
    assert.equal(complete('**', 95), true);
    assert.equal(complete('**', 94), false);
  });

  it('stays bounded however many groups of topics there are, and then knows of none of the later ones', () => {
    const ring = new EventRing<{ topic: string; at: number }>(1);
    for (let n = 1; n <= 20_100; n += 1) {
      ring.append({ topic: `cluster.s${n}.a`, at: n }, n);
    }
    const after = (sequence: number, pattern: string): boolean =>
      ring.replay({ after: sequence, topics: topicFilter([pattern]) }).isComplete;
    // Given up among the others, so that of nobody it is known.
    assert.equal(after(20_050, 'cluster.s3.*'), false);
    assert.equal(after(20_099, 'cluster.s3.*'), true);
  });
});
