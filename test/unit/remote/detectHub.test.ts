import assert from 'node:assert/strict';
import { detectHub } from '../../../src/remote/detectHub';
import { HubHttp } from '../../../src/transport/web/hubHttp';
import { FakeClock } from '../../support/fakeClock';
import { json, ScriptedHttp, text } from '../transport/scriptedHttp';

describe('What is at an address', () => {
  const detect = (list: unknown) => {
    const server = new ScriptedHttp();
    server.answer = (path) => (path === '/api/clusters' ? json(list) : text('404 page not found\n', 404));
    const http = new HubHttp({
      baseUrl: 'https://some.example',
      fetch: server.fetch,
      clock: new FakeClock(),
    });
    return detectHub(http, new AbortController().signal);
  };

  it('is a platform where it lists clusters, be it none', async () => {
    assert.equal(await detect({ clusters: [{ name: 'a' }] }), 'platform');
    assert.equal(await detect({ clusters: null }), 'platform');
  });

  it('is no platform because it answers with some object', async () => {
    assert.equal(await detect({}), undefined);
    assert.equal(await detect({ error: 'warming up' }), undefined);
  });
});
