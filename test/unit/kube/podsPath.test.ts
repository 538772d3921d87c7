import assert from 'node:assert/strict';
import { podsPath } from '../../../src/kube/podsPath';
import { scriptedKube, type Answer } from './scriptedKube';

const { signal } = new AbortController();
const workload = { type: 'workload', namespace: 'shop', kind: 'StatefulSet', name: 'db' } as const;

function pathOf(answer: Answer) {
  const { fetch, asked } = scriptedKube(answer);
  return { path: podsPath(fetch, workload, signal), asked };
}

describe('the pods of a workload', () => {
  it('are those of its selector', async () => {
    const selector = {
      matchLabels: { app: 'db' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'track', operator: 'NotIn', values: ['canary'] },
        { key: 'team', operator: 'Exists' },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    };
    const { path, asked } = pathOf(JSON.stringify({ spec: { selector } }));
    const query = new URL(await path, 'http://cluster').searchParams;
    assert.equal(query.get('labelSelector'), 'app=db,tier in (a,b),track notin (canary),team,!old');
    assert.equal(asked[0]?.path, '/apis/apps/v1/namespaces/shop/statefulsets/db');
  });

  it('are not known where there is none, or what came is no workload', async () => {
    await assert.rejects(pathOf({ status: 404, body: '{"kind":"Status","code":404,"message":"no"}' }).path, {
      problem: { code: 'notFound', detail: 'HTTP 404: no' },
    });
    await assert.rejects(pathOf('[]').path, /malformed/);
    await assert.rejects(pathOf('<html>').path, /malformed/);
  });
});
