import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { seededRandom } from '../../../src/base/random';
import { isRecord } from '../../../src/base/jsonRecord';
import { until } from '../../support/testbed/until';
import { HubProcess } from './hubProcess';
import { HubSocket } from './hubSocket';

const WS = '/api/v1/ws';
const PROBLEM = 'application/problem+json; charset=utf-8';

/** A header of a request for a WebSocket, for those who then say something else. */
const upgradeText = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** A frame as a client sends it, its payload not masked by anything but zeros. */
function clientFrame(firstByte: number, payload: Buffer): Buffer {
  const header = payload.length < 126 ? [firstByte, 0x80 | payload.length] : [firstByte, 0x80 | 126, 0, 0];
  const head = Buffer.from([...header, 0, 0, 0, 0]);
  if (payload.length >= 126) {
    head.writeUInt16BE(payload.length, 2);
  }
  return Buffer.concat([head, payload]);
}

describe('the hub as a process, with the demo cluster', function () {
  this.timeout(60_000);
  let hub: HubProcess;

  before(async () => {
    hub = await HubProcess.start(['--demo', '--allowed-origin', 'https://portal.example.com']);
    await hub.untilReady();
  });
  after(() => hub?.stop());

  const open = (path = WS, options = {}): HubSocket => new HubSocket(`ws://${hub.host}${path}`, options);

  describe('over HTTP', () => {
    it('lists its clusters and their personas', async () => {
      const { sources } = await hub.json('/api/v1/sources').then(recordOf);
      assert.ok(Array.isArray(sources));
      assert.equal(recordOf(sources[0]).source, 'demo');
      const list = await hub.json('/api/v1/clusters').then(recordOf);
      assert.ok(Array.isArray(list.rows));
      assert.equal(list.rows.length, 12);
      assert.equal(list.reset, true);
      const later = await hub
        .json(`/api/v1/clusters?since=${encodeURIComponent(String(list.version))}`)
        .then(recordOf);
      assert.equal(later.reset, false);
      const { name } = recordOf(list.rows[0]);
      const { object } = await hub.json(`/api/v1/clusters/demo/${String(name)}`).then(recordOf);
      assert.equal(recordOf(recordOf(object).metadata).name, name);
    });

    for (const [path, status, code] of [
      ['/api/v1/clusters/demo/nothing', 404, 'notFound'],
      ['/api/v1/clusters/demo/__proto__', 404, 'notFound'],
      ['/api/v1/clusters/demo/a%2Fb', 404, 'notFound'],
      ['/api/v1/clusters/nowhere/a', 404, 'notFound'],
      ['/api/v1/clusters?source=nowhere', 404, 'notFound'],
      ['/nothing', 404, undefined],
      ['/api/v1/ws', 404, undefined],
      ['/api/v1/clusters/demo/%E0%A4%A', 400, undefined],
      ['/api/v1/clusters?access_token=s3cret-of-a-url', 400, undefined],
      [`/api/v1/clusters/demo/${'x'.repeat(2_000)}`, 400, undefined],
      [`/${'x'.repeat(20_000)}`, 431, undefined],
    ] as const) {
      it(`says ${status} for ${path.slice(0, 60)}, as a problem`, async () => {
        const response = await hub.get(path);
        assert.equal(response.status, status);
        assert.equal(response.headers.get('content-type')?.split(';')[0], PROBLEM.split(';')[0]);
        const problem = recordOf(await response.json());
        assert.equal(problem.status, status);
        assert.equal(problem.code, code);
      });
    }

    it('lets pages of an allowed origin ask, and no others', async () => {
      const allowed = await hub.get('/api/v1/sources', { origin: 'https://portal.example.com' });
      assert.equal(allowed.status, 200);
      assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://portal.example.com');
      const other = await hub.get('/api/v1/sources', { origin: 'https://evil.example' });
      assert.equal(other.status, 403);
      assert.equal(other.headers.get('access-control-allow-origin'), null);
      const preflight = await fetch(`http://${hub.host}/api/v1/sources`, {
        method: 'OPTIONS',
        headers: { origin: 'https://portal.example.com', 'access-control-request-method': 'GET' },
      });
      assert.equal(preflight.status, 204);
      assert.equal(
        preflight.headers.get('access-control-allow-headers'),
        'authorization, content-type, last-event-id',
      );
    });

    it('tells Prometheus how it is doing, without any name', async () => {
      using client = open();
      await client.greet();
      const text = await (await hub.get('/metrics')).text();
      assert.match(text, /^clusterpersona_hub_clients\{face="own"\} 1$/m);
      assert.match(text, /^clusterpersona_hub_sessions 1$/m);
      assert.match(text, /^clusterpersona_hub_sources\{state="live"\} 1$/m);
      assert.match(text, /^clusterpersona_hub_personas 12$/m);
      assert.match(text, /^clusterpersona_hub_events_total\{type="cluster.added"\} 12$/m);
      assert.match(text, /^process_resident_memory_bytes /m);
      assert.doesNotMatch(text, /"demo"/);
    });

    it('cuts off who sends a request byte by byte', async () => {
      const socket = connect(hub.port, '127.0.0.1');
      const answer = textOf(socket);
      socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ');
      const dripping = setInterval(() => socket.write('x'), 500);
      socket.once('close', () => clearInterval(dripping));
      const startMs = performance.now();
      assert.match(await answer, /^HTTP\/1\.1 408 /);
      assert.ok(performance.now() - startMs < 15_000);
    });

    it('answers what is no HTTP', async () => {
      const socket = connect(hub.port, '127.0.0.1');
      const answer = textOf(socket);
      socket.write('\x16\x03\x01 hello\r\n\r\n');
      assert.match(await answer, /^HTTP\/1\.1 400 [^]*this is not how HTTP is spoken/);
    });
  });

  describe('over a WebSocket of its own', () => {
    it('greets, answers, and tells what happens in the demo', async () => {
      using client = open();
      assert.deepEqual(await client.next('greeting'), {
        type: 'greeting',
        version: 1,
        features: [],
        heartbeatMs: 25_000,
        auth: 'none',
      });
      const hello = await client.greet();
      assert.equal(hello.view, undefined);
      client.say({ type: 'subscribe', id: 1, patterns: ['**'] });
      const list = recordOf(await client.ask(1, 'clusters.list'));
      assert.ok(Array.isArray(list.rows));
      assert.equal(list.rows.length, 12);
      const { events } = await client.next('events');
      assert.ok(Array.isArray(events) && events.length > 0);
    });

    it('follows the log of a pod', async () => {
      using client = open();
      await client.greet();
      const { pods } = recordOf(await client.ask(1, 'pods.list', { source: 'demo', namespace: 'argocd' }));
      assert.ok(Array.isArray(pods));
      const pod = recordOf(pods[0]);
      const { stream } = recordOf(
        await client.ask(2, 'logs.open', { source: 'demo', namespace: 'argocd', pod: pod.name }),
      );
      await client.next('events');
      const { lines } = recordOf(await client.ask(3, 'logs.read', { stream, from: 0, limit: 10 }));
      assert.ok(Array.isArray(lines) && lines.length > 0);
    });

    it('runs no command, since it is no editor', async () => {
      using client = open();
      await client.greet();
      client.say({
        type: 'request',
        id: 5,
        method: 'command.run',
        params: { command: { type: 'disconnect', source: 'demo' } },
      });
      const { id, problem } = await client.next('error');
      assert.equal(id, 5);
      assert.equal(recordOf(problem).code, 'forbidden');
    });

    for (const [what, text, code] of [
      ['what is no JSON', '{"type":', 'badRequest'],
      ['an unknown type', '{"type":"telepathy"}', 'unknownMessage'],
      ['a known type without its fields', '{"type":"subscribe","id":1}', 'badRequest'],
      ['depths of nothing', '['.repeat(60_000), 'badRequest'],
      ['a prototype', '{"__proto__":{"type":"ready"}}', 'unknownMessage'],
    ] as const) {
      it(`answers ${what} with a typed error`, async () => {
        using client = open();
        await client.greet();
        client.socket.send(text);
        const { problem } = await client.next('error');
        assert.equal(recordOf(problem).code, code);
      });
    }

    for (const [what, payload, code] of [
      ['a binary message', Buffer.from('{"type":"ready","version":1}'), 1003],
      ['a message of more than 64 KiB', 'x'.repeat(64 * 1024 + 1), 1009],
    ] as const) {
      it(`closes on ${what}, and says why`, async () => {
        using client = open();
        await client.greet();
        client.socket.send(payload);
        const closing = await client.closing;
        assert.equal(closing.code, code);
        assert.notEqual(closing.reason, '');
      });
    }

    it('closes on a flood of messages', async () => {
      using client = open();
      await client.greet();
      for (let count = 0; count < 5_000; count += 1) {
        client.socket.send('{}');
      }
      assert.deepEqual(await client.closing, { code: 4429, reason: 'too many messages' });
    });

    it('opens for no page from elsewhere, by no other host, and with no token in the URL', async () => {
      using allowed = open(WS, { origin: 'https://portal.example.com' });
      assert.equal(await allowed.opened(), 101);
      assert.equal(await open(WS, { origin: 'https://evil.example' }).opened(), 403);
      assert.equal(await open(WS, { headers: { host: 'evil.example' } }).opened(), 403);
      assert.equal(await open(`${WS}?token=s3cret-of-a-url`).opened(), 400);
      assert.equal(await open('/nothing').opened(), 404);
    });

    it('outlives 10,000 malformed messages, and a thousand connections that speak something else', async () => {
      const random = seededRandom(20261126);
      const below = (limit: number): number => Math.floor(random.next() * limit);
      const before = hub.memoryBytes();
      const samples = [
        '{"type":"ready","version":1}',
        '{"type":"subscribe","id":1,"patterns":["cluster.**"],"cursors":["x"]}',
        '{"type":"request","id":3,"method":"clusters.get","params":{"source":"demo","name":"a"}}',
        '{"type":"flow","credits":8,"fps":60}',
      ];
      let refused = 0;
      for (let round = 0; round < 11; round += 1) {
        using client = open();
        await client.greet();
        for (let count = 0; count < 990; count += 1) {
          const bytes = Buffer.from(samples[below(samples.length)] ?? '');
          for (let change = 0; change <= below(4); change += 1) {
            bytes[below(bytes.length)] = 32 + below(95);
          }
          client.socket.send(bytes.subarray(0, 1 + below(bytes.length)).toString());
        }
        // Whatever it was, the connection goes on.
        await client.greet();
        await client.ask(99_999, 'sources.list');
        refused += client.count('error');
      }
      assert.ok(refused > 9_000, `${refused} were refused`);
      for (let round = 0; round < 1_000; round += 1) {
        const socket = connect(hub.port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.on('data', () => undefined);
        const closed = once(socket, 'close');
        socket.write(upgradeText(round % 2 === 0 ? WS : '/ws'));
        await once(socket, 'data');
        const noise = Buffer.from(Array.from({ length: 1 + below(60) }, () => below(256)));
        socket.write(round % 3 === 0 ? noise : clientFrame(below(256), noise));
        socket.end();
        await closed;
      }
      assert.equal((await hub.get('/healthz')).status, 200);
      await until(
        'all of them are gone',
        async () =>
          /^clusterpersona_hub_clients\{face="own"\} 0$/m.test(await (await hub.get('/metrics')).text()),
        { deadlineMs: 15_000 },
      );
      assert.ok(hub.memoryBytes() - before < 100 * 1024 * 1024, 'memory grew');
      assert.doesNotMatch(hub.log(), /"level":"(?:warn|error|fatal)"/);
    });
  });

  describe('in its log', () => {
    it('has no credential that stood in a URL', () => {
      assert.doesNotMatch(hub.log(), /s3cret/);
    });
  });
});

describe('the limits of a hub as a process', function () {
  this.timeout(60_000);

  it('turn away connections beyond them, and say so', async () => {
    const hub = await HubProcess.start(['--demo', '--max-connections-per-peer', '5']);
    try {
      const clients = Array.from({ length: 8 }, () => new HubSocket(`ws://${hub.host}${WS}`));
      const outcomes = await Promise.all(
        clients.map((client) =>
          Promise.race([
            client.next('greeting').then(
              () => 'open',
              () => client.closing,
            ),
            client.closing,
          ]),
        ),
      );
      assert.ok(outcomes.filter((outcome) => outcome === 'open').length <= 5);
      assert.deepEqual(
        outcomes.find((outcome) => outcome !== 'open'),
        { code: 4429, reason: 'too many connections' },
      );
      // Probes are answered all the same.
      assert.equal((await hub.get('/healthz')).status, 200);
      clients.forEach((client) => client[Symbol.dispose]());
      await until('there is room again', async () => (await hub.get('/api/v1/sources')).status === 200, {
        deadlineMs: 15_000,
      });
    } finally {
      await hub.stop();
    }
  });
});

describe('the rate of a hub as a process', function () {
  this.timeout(60_000);

  it('refuses more requests than one address may send, answers probes all the same, and goes on afterwards', async () => {
    const hub = await HubProcess.start(['--demo', '--max-requests-per-peer', '4']);
    try {
      const ask = async (): Promise<number> => (await hub.get('/api/v1/sources')).status;
      const statuses: number[] = [];
      for (let request = 0; request < 40; request += 1) {
        statuses.push(await ask());
      }
      const answered = statuses.filter((status) => status === 200).length;
      assert.ok(answered >= 20 && answered < 40, `${answered} of 40 were answered`);
      const refused = await hub.get('/api/v1/sources');
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '10']);
      assert.match(await refused.text(), /too many requests from one address/);
      assert.equal((await hub.get('/healthz')).status, 200);
      const metrics = await until(
        'it is answered again',
        async () => {
          const answer = await hub.get('/metrics');
          const text = await answer.text();
          return answer.status === 200 ? text : undefined;
        },
        { deadlineMs: 15_000 },
      );
      assert.match(metrics, /clusterpersona_hub_refused_requests_total [1-9]/);
    } finally {
      await hub.stop();
    }
  });
});

function recordOf(value: unknown) {
  assert.ok(isRecord(value), `no object: ${JSON.stringify(value)}`);
  return value;
}

/** Everything that comes until the connection ends. */
async function textOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (data) => (text += data.toString()));
  await once(socket, 'close');
  return text;
}
