import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/protocol/problem';
import { fetchCluster } from '../../../../webview/realtime/useCluster';
import { makeOpenClient } from '../scriptedHost';

describe('fetchCluster', () => {
  const signal = new AbortController().signal;

  it('gives the object whole, unknown fields included', async () => {
    const { host, client } = makeOpenClient();
    const asked = fetchCluster(client, 's', 'eu', signal);
    const object = { metadata: { name: 'eu', extra: 1 }, novel: true };
    host.respond(host.lastRequest('clusters.get').id, { object, version: '1' });
    assert.deepEqual(await asked, { type: 'found', object });
    client.dispose();
  });

  it('takes "not found" for an answer, and any other problem for a failure', async () => {
    const { host, client } = makeOpenClient();
    const absent = fetchCluster(client, 's', 'eu', signal);
    const { id } = host.lastRequest('clusters.get');
    host.deliver({ type: 'error', id, problem: { code: 'notFound', detail: 'eu' } });
    assert.deepEqual(await absent, { type: 'absent' });

    const failed = fetchCluster(client, 's', 'eu', signal);
    const problem = { code: 'closed', detail: 'not connected' };
    host.deliver({ type: 'error', id: host.lastRequest('clusters.get').id, problem });
    await assert.rejects(failed, (error) => error instanceof ProblemError && error.problem.code === 'closed');
    client.dispose();
  });
});
