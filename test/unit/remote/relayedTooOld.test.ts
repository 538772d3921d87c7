import assert from 'node:assert/strict';
import { isProblemError, type ProblemCode } from '../../../src/protocol/problem';
import { overHttp } from '../../../src/remote/relayedOverHttp';
import { HubHttp } from '../../../src/transport/web/hubHttp';
import { FakeClock } from '../../support/fakeClock';
import { json, ScriptedHttp } from '../transport/scriptedHttp';

/** What comes of a read through a hub that answers 404 with this. */
async function outcomeOf(body: object): Promise<ProblemCode | undefined> {
  const server = new ScriptedHttp();
  server.answer = () => json(body, 404);
  const http = new HubHttp({ baseUrl: 'https://hub.example', fetch: server.fetch, clock: new FakeClock() });
  const target = { source: 's', path: '/api/v1/pods' };
  const error: unknown = await overHttp(http, target, new AbortController().signal).catch(
    (thrown: unknown) => thrown,
  );
  return isProblemError(error) ? error.problem.code : undefined;
}

describe('A hub that hands nothing on over HTTP', () => {
  it('is too old where it has no such route, and not where it has no such source', async () => {
    assert.equal(
      await outcomeOf({ title: 'Not Found', status: 404, detail: 'no such route' }),
      'unsupported',
    );
    assert.equal(await outcomeOf({ code: 'notFound', detail: 'no source s' }), 'notFound');
  });
});
