import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { isRecord, type JsonRecord } from '../../../src/base/jsonRecord';
import { unknownLoad } from '../../../src/base/loadMeter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { REQUESTS, type RequestMethod } from '../../../src/protocol/requests';
import { HubServer } from '../../../src/server/hubServer';
import { FaultServer } from '../../support/faultServer/faultServer';

const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';

/** Of every request, parameters that the hub of this test can answer; a status where it cannot. */
const ASKED: Readonly<Record<RequestMethod, { readonly params: object; readonly status: number }>> = {
  'sources.list': { params: {}, status: 200 },
  'sources.get': { params: { source: 's' }, status: 200 },
  'clusters.list': { params: { source: ['s'], filter: { health: ['unknown'] } }, status: 200 },
  'clusters.objects': { params: { source: 's', limit: 10 }, status: 200 },
  'clusters.get': { params: { source: 's', name: 'a' }, status: 200 },
  'changes.get': { params: { source: 's', name: 'a' }, status: 200 },
  'changes.markSeen': { params: { source: 's', name: 'a', until: 1 }, status: 200 },
  'changes.dismiss': { params: { source: 's', name: 'a', until: 1 }, status: 200 },
  'alerts.list': { params: {}, status: 200 },
  'alerts.counts': { params: {}, status: 200 },
  'components.list': { params: { source: 's', name: 'a' }, status: 200 },
  'metrics.read': {
    params: { source: 's', name: 'a', metric: 'nodesReady', from: 0, limit: 5 },
    status: 200,
  },
  'pods.list': { params: { source: 's', namespace: 'n' }, status: 200 },
  'logs.open': { params: { source: 's', namespace: 'n', pod: 'p' }, status: 501 },
  'logs.read': { params: { stream: '1', from: 0, limit: 1 }, status: 501 },
  'logs.close': { params: { stream: '1' }, status: 501 },
  'logViews.open': {
    params: { source: 's', selection: { type: 'namespace', namespace: 'n' } },
    status: 501,
  },
  'logViews.read': { params: { view: '1', at: { type: 'end' }, count: 1 }, status: 501 },
  'logViews.find': { params: { view: '1', find: { text: 'a' } }, status: 501 },
  'logViews.marks': { params: { view: '1', find: { text: 'a' }, rows: [] }, status: 501 },
  'logViews.line': { params: { view: '1', stream: 0, line: 0, from: 0, limit: 1 }, status: 501 },
  'logViews.status': { params: { view: '1' }, status: 501 },
  'logViews.close': { params: { view: '1' }, status: 501 },
  'kube.open': { params: { source: 's', path: '/api/v1/namespaces/n/pods', stream: 0 }, status: 501 },
  'kube.read': { params: { stream: 0 }, status: 501 },
  'kube.close': { params: { stream: 0 }, status: 501 },
  'command.run': { params: { command: { type: 'showLog' } }, status: 501 },
};

describe('The description of the hub', () => {
  let folder: string;
  let cluster: FaultServer;
  let server: HubServer;
  let document: JsonRecord;
  let ajv: Ajv2020;

  async function start(isOpen: boolean): Promise<HubServer> {
    const open = () => Promise.resolve({ fetch: cluster.fetch, dispose: () => {} });
    return HubServer.start({
      arguments: {
        listen: { host: '127.0.0.1', port: 0 },
        auth: isOpen ? { type: 'none' } : { type: 'token', file: path.join(folder, 'tokens') },
        allowedOrigins: [],
        maxConnections: 100,
        maxConnectionsPerPeer: 100,
        maxRequestsPerPeer: 1_000,
      },
      sources: [{ id: 's', kind: 'kubeconfig', label: 's', open }],
      clock: systemClock,
      random: systemRandom,
      logger: nullLogger,
      loadMeter: unknownLoad,
    });
  }

  const ask = (url: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}${url}`, {
      ...init,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });

  const operationOf = (method: string, route: string): JsonRecord => at(document, 'paths', route, method);

  /** Holds an answer against what is said of it. */
  async function assertAsDescribed(response: Response, method: string, route: string): Promise<void> {
    const operation = operationOf(method, route);
    const responses = at(operation, 'responses');
    assert.ok(String(response.status) in responses, `${response.status} of ${route} is not described`);
    const contents = at(responses, String(response.status), 'content');
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    assert.ok(type in contents, `${type} of ${route} is not described`);
    const text = await response.text();
    if (type.endsWith('json')) {
      const pointer = [
        'paths',
        route,
        method,
        'responses',
        String(response.status),
        'content',
        type,
        'schema',
      ];
      const validate = validatorOf(pointer);
      assert.ok(validate(JSON.parse(text)), `${route}: ${JSON.stringify(validate.errors)} in ${text}`);
    }
  }

  function validatorOf(pointer: readonly string[]): ValidateFunction {
    const encoded = pointer.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const validate = ajv.getSchema(`hub#/${encoded.join('/')}`);
    assert.ok(validate);
    return validate;
  }

  before(async () => {
    cluster = new FaultServer();
    cluster.put('a');
    folder = mkdtempSync(path.join(tmpdir(), 'hub-described-'));
    writeFileSync(path.join(folder, 'tokens'), `${TOKEN}\n`);
    server = await start(false);
    const answer: unknown = await (await ask('/api/v1/openapi.json')).json();
    assert.ok(isRecord(answer));
    document = answer;
    ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'hub');
    // It is read when it answers.
    for (;;) {
      const { status, body } = await ask('/api/v1/clusters/s/a');
      await body?.cancel();
      if (status === 200) {
        break;
      }
    }
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('is one of OpenAPI 3.1', async () => {
    assert.equal(document.openapi, '3.1.0');
    await SwaggerParser.validate(structuredClone(document) as never);
  });

  it('has every route, once each', () => {
    const paths = Object.keys(at(document, 'paths'));
    assert.deepEqual(paths.filter((route) => !route.startsWith('/api/v1/requests/')).sort(), [
      '/api/clusters',
      '/api/clusters/{name}',
      '/api/v1/clusters',
      '/api/v1/clusters/{source}/{name}',
      '/api/v1/logs',
      '/api/v1/openapi.json',
      '/api/v1/sources',
      '/api/v1/sources/{source}/kube',
      '/api/v1/stream',
      '/api/v1/ticket',
      '/healthz',
      '/metrics',
      '/readyz',
    ]);
    assert.deepEqual(
      paths.filter((route) => route.startsWith('/api/v1/requests/')).sort(),
      Object.keys(REQUESTS)
        .map((method) => `/api/v1/requests/${method}`)
        .sort(),
    );
  });

  for (const [url, method, route] of [
    ['/healthz', 'get', '/healthz'],
    ['/readyz', 'get', '/readyz'],
    ['/metrics', 'get', '/metrics'],
    ['/api/v1/openapi.json', 'get', '/api/v1/openapi.json'],
    ['/api/v1/ticket', 'post', '/api/v1/ticket'],
    ['/api/v1/sources', 'get', '/api/v1/sources'],
    ['/api/v1/clusters', 'get', '/api/v1/clusters'],
    [
      '/api/v1/clusters?source=s&source=s&phase=NotDiscovered&health=unknown&name=A',
      'get',
      '/api/v1/clusters',
    ],
    ['/api/v1/clusters/s/a', 'get', '/api/v1/clusters/{source}/{name}'],
    ['/api/clusters', 'get', '/api/clusters'],
    ['/api/clusters/a', 'get', '/api/clusters/{name}'],
  ] as const) {
    it(`says what ${method} ${url} answers`, async () => {
      const response = await ask(url, { method: method.toUpperCase() });
      assert.equal(response.status, 200);
      await assertAsDescribed(response, method, route);
    });
  }

  for (const [url, status, route] of [
    ['/api/v1/clusters?source=nowhere', 404, '/api/v1/clusters'],
    ['/api/v1/clusters?source=s&source=nowhere', 404, '/api/v1/clusters'],
    ['/api/v1/clusters?phase=Perfect', 400, '/api/v1/clusters'],
    ['/api/v1/clusters?since=a&since=b', 400, '/api/v1/clusters'],
    ['/api/v1/clusters?minVersion=7', 400, '/api/v1/clusters'],
    ['/api/v1/clusters/s/nobody', 404, '/api/v1/clusters/{source}/{name}'],
    ['/api/clusters/nobody', 404, '/api/clusters/{name}'],
    ['/api/v1/stream', 400, '/api/v1/stream'],
    ['/api/v1/stream?topics=a..b', 400, '/api/v1/stream'],
    ['/api/v1/logs?source=s&namespace=n&pod=p&tail=x', 400, '/api/v1/logs'],
    ['/api/v1/logs?source=nowhere&namespace=n&pod=p', 404, '/api/v1/logs'],
    ['/api/v1/sources?token=secret', 400, '/api/v1/sources'],
  ] as const) {
    it(`says what goes wrong with ${url}`, async () => {
      const response = await ask(url);
      assert.equal(response.status, status);
      await assertAsDescribed(response, 'get', route);
    });
  }

  for (const [method, { params, status }] of Object.entries(ASKED)) {
    it(`says what the request ${method} takes and answers`, async () => {
      const route = `/api/v1/requests/${method}`;
      const validate = validatorOf([
        'paths',
        route,
        'post',
        'requestBody',
        'content',
        'application/json',
        'schema',
      ]);
      assert.ok(validate(params), JSON.stringify(validate.errors));
      const response = await ask(route, { method: 'POST', body: JSON.stringify(params) });
      assert.equal(response.status, status, await response.clone().text());
      await assertAsDescribed(response, 'post', route);
      const wrong = await ask(route, { method: 'POST', body: '"nothing of this"' });
      assert.equal(wrong.status, 400);
      await assertAsDescribed(wrong, 'post', route);
    });
  }

  for (const [what, body, status] of [
    ['is no JSON', '{"a":', 400],
    ['would be a prototype', '{"__proto__":{"a":1}}', 400],
    ['is too long', `"${'x'.repeat(70_000)}"`, 413],
    ['is of another kind', undefined, 415],
  ] as const) {
    it(`says what is answered to a body that ${what}`, async () => {
      const route = '/api/v1/requests/sources.list';
      const init = body === undefined ? { body: new Uint8Array(3) } : { body };
      const response = await (body === undefined
        ? fetch(server.url + route, {
            ...init,
            method: 'POST',
            headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'image/png' },
          })
        : ask(route, { ...init, method: 'POST' }));
      assert.equal(response.status, status);
      await assertAsDescribed(response, 'post', route);
    });
  }

  it('answers a request that it does not know with a code that says so', async () => {
    const response = await ask('/api/v1/requests/minds.read', { method: 'POST', body: '{}' });
    const problem: unknown = await response.json();
    assert.ok(isRecord(problem));
    assert.deepEqual([response.status, problem.code], [400, 'unknownMessage']);
  });

  it('says which parameters have to be there: without one of them nothing is answered', async () => {
    let required = 0;
    for (const [route, operations] of Object.entries(at(document, 'paths'))) {
      const operation = at(operations, 'get');
      const parameters = Array.isArray(operation.parameters) ? operation.parameters.filter(isRecord) : [];
      const inQuery = parameters.filter((parameter) => parameter.in === 'query');
      const needed = inQuery.filter((parameter) => parameter.required === true);
      for (const without of needed) {
        required += 1;
        const query = needed
          .filter((parameter) => parameter !== without)
          .map(({ name }) => `${String(name)}=x`);
        const response = await ask(`${route}?${query.join('&')}`);
        assert.equal(response.status, 400, `${route} without ${String(without.name)}`);
        const problem: unknown = await response.json();
        assert.match(
          JSON.stringify(problem),
          new RegExp(`the query: expected .* at ${String(without.name)}`),
        );
      }
    }
    assert.deepEqual(required, 5);
  });

  it('says who is asked for a token', async () => {
    const { status } = await fetch(`${server.url}/api/v1/sources`);
    assert.equal(status, 401);
    assert.ok('401' in at(operationOf('get', '/api/v1/sources'), 'responses'));
    assert.deepEqual(document.security, [{ token: [] }]);
    assert.deepEqual(operationOf('get', '/healthz').security, []);
    const other = await start(true);
    try {
      const open: unknown = await (await fetch(`${other.url}/api/v1/openapi.json`)).json();
      assert.ok(isRecord(open));
      assert.equal(open.security, undefined);
      assert.ok(!('401' in at(open, 'paths', '/api/v1/sources', 'get', 'responses')));
      assert.ok(!('/api/v1/ticket' in at(open, 'paths')));
      await SwaggerParser.validate(open as never);
    } finally {
      await other.stop();
    }
  });
});

/** The object that is reached by these names; an empty one where there is none. */
function at(value: unknown, ...names: readonly string[]): JsonRecord {
  const found = names.reduce<unknown>((object, name) => (isRecord(object) ? object[name] : undefined), value);
  return isRecord(found) ? found : {};
}
