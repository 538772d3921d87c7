import assert from 'node:assert/strict';
import type { LogViewStatus } from '../../../../webview/realtime/openLogView';
import { panesOf } from '../../../../webview/logs/splitPanes';

function stream(pod: string, lines: number, container = 'app'): LogViewStatus['streams'][number] {
  return {
    stream: 0,
    namespace: 'shop',
    pod,
    container,
    kind: 'container',
    state: { type: 'following' },
    lines,
  };
}

describe('panes of a split log', () => {
  it('are of the first pods, those with lines before others, and it is said how many pods there are', () => {
    const streams = ['a', 'b', 'c', 'd', 'e'].map((pod) => stream(pod, pod === 'a' ? 0 : 1));
    const { panes, pods, filter } = panesOf({ level: 'error' }, streams);
    assert.deepEqual(
      panes.map(({ heading }) => heading),
      ['b', 'c', 'd'],
    );
    assert.deepEqual(panes[0]?.filter, { level: 'error', pods: ['b'] });
    assert.equal(pods, 5);
    // What is searched is what can be gone to.
    assert.deepEqual(filter, { level: 'error', pods: ['b', 'c', 'd'] });
  });

  it('are one for all where there is one pod, or the filter leaves one', () => {
    const streams = [stream('a', 1), stream('a', 1, 'proxy'), stream('b', 1)];
    const left = panesOf({ pods: ['a'] }, streams);
    assert.deepEqual(left.panes, [{ key: 'all', filter: { pods: ['a'] } }]);
    assert.equal(panesOf({}, []).panes.length, 1);
    assert.equal(panesOf({}, streams).panes.length, 2);
  });
});
