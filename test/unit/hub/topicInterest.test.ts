import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TopicInterest } from '../../../src/hub/topicInterest';
import { alertTopic, clusterTopic, metricTopic, nodeTopic } from '../../../src/protocol/topics';
import { standsFor } from '../protocol/naiveMatcher';

describe('Interest in topics', () => {
  const sources = ['a', 'b.c', 'x*y', 'a/b', '100%'];
  const topics = sources.flatMap((source) => [
    { kind: 'cluster', source, topic: clusterTopic(source, 'p') },
    { kind: 'node', source, topic: nodeTopic(source, 'p', 'n') },
    { kind: 'metric', source, topic: metricTopic({ source, name: 'p', metric: 'cpuCores', node: 'n.n' }) },
    { kind: 'alert', source, topic: alertTopic(source, 'f') },
  ]);
  const segment = fc.constantFrom(
    'cluster',
    'node',
    'metric',
    '*',
    '**',
    'a',
    'b%2Ec',
    'x%2Ay',
    '100%25',
    '%',
    '',
  );
  const pattern = fc.array(segment, { maxLength: 5 }).map((segments) => segments.join('.'));

  it('is never missed where a pattern stands for a topic', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 4 }), (patterns) => {
        const interest = new TopicInterest();
        interest.add(patterns);
        for (const { kind, source, topic } of topics) {
          if (patterns.some((each) => standsFor(each, topic))) {
            assert.ok(interest.has(kind, source), `${topic} in ${patterns.join(' ')}`);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is for kind and source alone, and ends with the last who has it', () => {
    const interest = new TopicInterest();
    const first = interest.add(['metric.a.**', 'metric.a.p%2FcpuCores']);
    const second = interest.add(['metric.a.**', 'node.*.p.*']);
    const found = (): boolean[] =>
      [['metric', 'a'], ['metric', 'b.c'], ['node', 'b.c'], ['addon', 'a']].map(([kind = '', source = '']) => interest.has(kind, source)); // prettier-ignore
    assert.deepEqual(found(), [true, false, true, false]);
    second.dispose();
    second.dispose();
    assert.deepEqual(found(), [true, false, false, false]);
    first.dispose();
    assert.deepEqual(found(), [false, false, false, false]);
    interest.add(['**']);
    assert.deepEqual(found(), [true, true, true, true]);
  });
});
