import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/base/kubeObject';
import { PODS } from '../../../../src/demo/apiServer/apiResource';
import { tableFormatOf } from '../../../../src/demo/table/tableFormatOf';

const NOW_MS = Date.parse('2026-11-24T19:20:00Z');

const NONE = '<none>';
const RUNNING = { running: {} };
const COMPLETED = { terminated: { exitCode: 0, reason: 'Completed' } };

function pod(status: object, spec: object = {}, metadata: object = {}): KubeObject {
  return {
    metadata: { name: 'p', namespace: 'odd', creationTimestamp: '2026-11-24T19:19:58Z', ...metadata },
    spec: { containers: [{ name: 'a' }, { name: 'b' }], ...spec },
    status,
  };
}

function container(name: string, state: object, rest: object = {}): object {
  return { name, ready: false, restartCount: 0, state, ...rest };
}

function cellsOf(object: KubeObject): readonly unknown[] {
  return tableFormatOf(PODS).cells(object, NOW_MS);
}

/** Ready, Status and Restarts. */
function summaryOf(object: KubeObject): readonly unknown[] {
  return cellsOf(object).slice(1, 4);
}

// What a real kube-apiserver 1.36 answered for pods with these very statuses.
describe('the table of pods', () => {
  it('has the columns of the API server, the last four for -o wide', () => {
    assert.deepEqual(
      tableFormatOf(PODS).columns.map(({ name, priority }) => `${name} ${priority}`),
      [
        'Name 0',
        'Ready 0',
        'Status 0',
        'Restarts 0',
        'Age 0',
        'IP 1',
        'Node 1',
        'Nominated Node 1',
        'Readiness Gates 1',
      ],
    );
  });

  it('shows a pod that nothing happened to yet by its phase', () => {
    assert.deepEqual(cellsOf(pod({ phase: 'Pending' })), [
      'p',
      '0/2',
      'Pending',
      '0',
      '2s',
      NONE,
      NONE,
      NONE,
      NONE,
    ]);
  });

  it('names the reason a container waits, and when the last one ended that was started again', () => {
    const crashing = pod({
      phase: 'Running',
      containerStatuses: [
        container(
          'a',
          { waiting: { reason: 'CrashLoopBackOff' } },
          {
            restartCount: 7,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-24T19:14:58Z' } },
          },
        ),
        container('b', RUNNING, { ready: true, restartCount: 1 }),
      ],
    });
    assert.deepEqual(summaryOf(crashing), ['1/2', 'CrashLoopBackOff', '8 (5m2s ago)']);
  });

  it('tells completed from failed and half done', () => {
    const done = [container('a', COMPLETED), container('b', COMPLETED)];
    const failed = [container('a', { terminated: { exitCode: 137 } }), container('b', COMPLETED)];
    const half = [container('a', COMPLETED), container('b', RUNNING, { ready: true })];
    assert.deepEqual(summaryOf(pod({ phase: 'Succeeded', containerStatuses: done })), [
      '0/2',
      'Completed',
      '0',
    ]);
    assert.deepEqual(summaryOf(pod({ phase: 'Failed', containerStatuses: failed })), [
      '0/2',
      'ExitCode:137',
      '0',
    ]);
    assert.deepEqual(summaryOf(pod({ phase: 'Running', containerStatuses: half })), ['1/2', 'NotReady', '0']);
    assert.deepEqual(summaryOf(pod({ phase: 'Failed', reason: 'Evicted' })), ['0/2', 'Evicted', '0']);
  });

  it('counts init containers while they run, and what they wait for', () => {
    const second = pod(
      {
        phase: 'Pending',
        initContainerStatuses: [
          container('i1', { terminated: { exitCode: 0 } }, { ready: true, restartCount: 2 }),
          container('i2', RUNNING),
        ],
      },
      { initContainers: [{ name: 'i1' }, { name: 'i2' }] },
    );
    const stuck = pod(
      {
        phase: 'Pending',
        initContainerStatuses: [
          container('i1', { waiting: { reason: 'ImagePullBackOff' } }, { restartCount: 3 }),
        ],
      },
      { initContainers: [{ name: 'i1' }] },
    );
    assert.deepEqual(summaryOf(second), ['0/2', 'Init:1/2', '2']);
    assert.deepEqual(summaryOf(stuck), ['0/2', 'Init:ImagePullBackOff', '3']);
  });

  it('counts a sidecar among the containers, and the readiness gates that are met', () => {
    const withSidecar = pod(
      {
        phase: 'Running',
        initContainerStatuses: [container('s', RUNNING, { ready: true, started: true, restartCount: 3 })],
        containerStatuses: [
          container('a', RUNNING, { ready: true, restartCount: 1 }),
          container('b', RUNNING, { ready: true }),
        ],
        podIPs: [{ ip: '10.0.0.1' }],
        conditions: [
          { type: 'g1', status: 'True' },
          { type: 'g2', status: 'False' },
        ],
      },
      {
        nodeName: 'n1',
        initContainers: [{ name: 's', restartPolicy: 'Always' }],
        readinessGates: [{ conditionType: 'g1' }, { conditionType: 'g2' }],
      },
    );
    assert.deepEqual(cellsOf(withSidecar), ['p', '3/3', 'Running', '4', '2s', '10.0.0.1', 'n1', NONE, '1/2']);
  });

  it('shows a pod that is going away, unless it is done', () => {
    const going = { deletionTimestamp: '2026-11-24T19:19:59Z' };
    assert.equal(summaryOf(pod({ phase: 'Running' }, {}, going))[1], 'Terminating');
    assert.equal(summaryOf(pod({ phase: 'Running', reason: 'NodeLost' }, {}, going))[1], 'Unknown');
    assert.equal(summaryOf(pod({ phase: 'Succeeded' }, {}, going))[1], 'Succeeded');
  });

  it('sets rows of pods that are done apart', () => {
    const conditionsOf = (phase: string) => tableFormatOf(PODS).rowConditions?.(pod({ phase }));
    assert.deepEqual(conditionsOf('Running'), []);
    assert.deepEqual(conditionsOf('Failed'), [
      { type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' },
    ]);
  });
});
