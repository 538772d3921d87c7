import assert from 'node:assert/strict';
import { BodyTooLargeError } from '../../../src/base/readBody';
import { NODE_METRICS_PATH, readNodeMetrics, type NodeMetricsAnswer } from '../../../src/kube/nodeMetrics';
import { ProblemError } from '../../../src/protocol/problem';
import { ScriptedBody, scriptedKube, type Answer } from './scriptedKube';

async function readOf(answer: Answer): Promise<NodeMetricsAnswer> {
  const { fetch } = scriptedKube(answer);
  return readNodeMetrics(await fetch(NODE_METRICS_PATH));
}

async function problemOf(answer: Answer): Promise<string> {
  try {
    await readOf(answer);
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return error.problem.code;
  }
  return assert.fail('it was read');
}

const status = (code: number, reason: string): Answer => ({
  status: code,
  body: JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message: reason,
  }),
});

describe('node metrics', () => {
  it('are read as metrics-server writes them', async () => {
    const body = JSON.stringify({
      kind: 'NodeMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {},
      items: [
        {
          metadata: { name: 'ip-10-0-1-1', creationTimestamp: '2026-01-01T00:00:10Z', labels: { a: 'b' } },
          timestamp: '2026-01-01T00:00:02Z',
          window: '15.1s',
          usage: { cpu: '219513914n', memory: '3412476Ki' },
        },
      ],
    });
    assert.deepEqual(await readOf(body), {
      type: 'measured',
      nodes: [
        { name: 'ip-10-0-1-1', timestamp: '2026-01-01T00:00:02Z', cpu: '219513914n', memory: '3412476Ki' },
      ],
    });
  });

  it('are kept where they can be read, whatever stands beside them', async () => {
    const items = [
      null,
      3,
      'node',
      [],
      {},
      { metadata: null },
      { metadata: { name: '' } },
      { metadata: { name: 7 }, usage: { cpu: '1' } },
      { metadata: { name: '__proto__' }, usage: [], timestamp: 12 },
      { metadata: { name: 'b' }, usage: { cpu: 1, memory: '1Gi' } },
    ];
    assert.deepEqual(await readOf(JSON.stringify({ items })), {
      type: 'measured',
      nodes: [
        { name: '__proto__', timestamp: undefined, cpu: undefined, memory: undefined },
        { name: 'b', timestamp: undefined, cpu: undefined, memory: '1Gi' },
      ],
    });
    for (const empty of ['{}', '{"items":null}', '{"items":[]}']) {
      assert.deepEqual(await readOf(empty), { type: 'measured', nodes: [] });
    }
  });

  it('are not served, or not allowed, where the server says so', async () => {
    assert.deepEqual(await readOf({ status: 404, body: '404 page not found' }), { type: 'notServed' });
    assert.deepEqual(await readOf(status(404, 'NotFound')), { type: 'notServed' });
    assert.deepEqual(await readOf(status(503, 'ServiceUnavailable')), { type: 'notServed' });
    assert.deepEqual(await readOf(status(403, 'Forbidden')), { type: 'notAllowed' });
  });

  it('are a problem where the answer is another one', async () => {
    assert.equal(await problemOf(status(401, 'Unauthorized')), 'unauthorized');
    assert.equal(await problemOf(status(500, 'InternalError')), 'serverError');
    assert.equal(await problemOf('<html>'), 'malformed');
    for (const body of ['3', 'null', '[]', '{"items":{}}', '{"items":"no"}']) {
      assert.equal(await problemOf(body), 'malformed', body);
    }
  });

  it('are given up where they never end', async () => {
    const endless = new ScriptedBody();
    for (let megabytes = 0; megabytes < 9; megabytes += 1) {
      endless.write(new Uint8Array(1024 * 1024).fill(32));
    }
    await assert.rejects(readOf(endless), BodyTooLargeError);
  });
});
