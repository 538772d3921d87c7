import assert from 'node:assert/strict';
import { clusterTopic, logTopic, matchesTopic, scopeOfPattern } from '../../../src/protocol/topics';

describe('Topics', () => {
  it('encode each segment, since names contain dots', () => {
    assert.equal(clusterTopic('a', 'eu.west-1'), 'cluster.a.eu%2Ewest-1');
    assert.equal(logTopic('a/b', '*'), 'log.a%2Fb.%2A');
  });

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
    ['', 'cluster', false],
  ];
  for (const [pattern, topic, expected] of cases) {
    it(`${pattern || 'nothing'} ${expected ? 'stands' : 'does not stand'} for ${topic}`, () => {
      assert.equal(matchesTopic(pattern, topic), expected);
    });
  }

  it('have room for text that is no Unicode', () => {
    assert.equal(clusterTopic('a', 'half \ud83d'), 'cluster.a.half%20%EF%BF%BD');
  });

  it('of a pattern have its kind and source in common, where it says so', () => {
    assert.deepEqual(scopeOfPattern('metric.b%2Ec.**'), { kind: 'metric', source: 'b.c' });
    assert.deepEqual(scopeOfPattern('node.*.p.n'), { kind: 'node' });
    assert.deepEqual(scopeOfPattern('*.a.p'), { source: 'a' });
    assert.deepEqual(scopeOfPattern('cluster.**.p'), { kind: 'cluster' });
    assert.deepEqual([scopeOfPattern('**'), scopeOfPattern('**.a'), scopeOfPattern('*.**')], [{}, {}, {}]);
    assert.deepEqual([scopeOfPattern('metric'), scopeOfPattern(''), scopeOfPattern('a.%')], [undefined, undefined, undefined]); // prettier-ignore
  });
});
