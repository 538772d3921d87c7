import assert from 'node:assert/strict';
import { clusterTopic, logTopic, nodeTopic, scopeOfPattern } from '../../../src/protocol/topics';

describe('Topics', () => {
  it('encode each segment, since names contain dots', () => {
    assert.equal(clusterTopic('a', 'eu.west-1'), 'cluster.a.eu%2Ewest-1');
    assert.equal(logTopic('a/b', '*'), 'log.a%2Fb.%2A');
  });

  it('of a pattern have its kind and source in common, where it says so', () => {
    assert.deepEqual(scopeOfPattern('metric.b%2Ec.**'), { kind: 'metric', source: 'b.c' });
    assert.deepEqual(scopeOfPattern('node.*.p.n'), { kind: 'node' });
    assert.deepEqual(scopeOfPattern('*.a.p'), { source: 'a' });
    assert.deepEqual(scopeOfPattern('cluster.**.p'), { kind: 'cluster' });
    assert.deepEqual([scopeOfPattern('**'), scopeOfPattern('**.a'), scopeOfPattern('*.**')], [{}, {}, {}]);
    assert.deepEqual([scopeOfPattern('metric'), scopeOfPattern(''), scopeOfPattern('a.%')], [undefined, undefined, undefined]); // prettier-ignore
  });

  it('encode names that mean something in patterns or nothing at all, and never throw', () => {
    assert.equal(clusterTopic('', '**'), 'cluster.%.%2A%2A');
    assert.equal(clusterTopic('%', '\ud800'), 'cluster.%25.%EF%BF%BD');
  });

  it('are short enough for a pattern however long a name is, and tell long names apart', () => {
    const long = 'x'.repeat(100_000);
    const topics = [long, `${long}y`, `${long.slice(1)}y`].map((name) => nodeTopic(long, long, name));
    assert.equal(new Set(topics).size, 3);
    assert.ok(topics.every((topic) => topic.length < 2_048));
    const dotted = Array.from({ length: 64 }, () => 'abc').join('.');
    assert.equal(clusterTopic('a', dotted), `cluster.a.${dotted.replaceAll('.', '%2E')}`);
  });
});
