import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { isRecord } from '../../../src/base/jsonRecord';
import type { LoggedPod } from '../../support/testbed/kwok';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { CurlStream, type StreamedEvent } from './curlStream';
import { HubProcess } from './hubProcess';

const soon = { deadlineMs: 30_000, pollMs: 20 };
const pod: LoggedPod = {
  namespace: 'ingress-nginx',
  name: 'controller-0',
  containers: ['controller', 'flood'],
};

function persona(name: string, description = 'one'): object {
  return {
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name },
    spec: { name, description, environment: 'production' },
  };
}

function dataOf({ data }: StreamedEvent): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(data);
  assert.ok(isRecord(value));
  return value;
}

/** Whether an event tells of a persona. */
const tells =
  (name: string) =>
  (event: StreamedEvent): boolean => {
    const { data } = dataOf(event);
    return event.name.startsWith('cluster.') && isRecord(data) && data.name === name;
  };
const isCalled =
  (name: string) =>
  (event: StreamedEvent): boolean =>
    event.name === name;

describe('the streams of the hub as a process, with the demo cluster', function () {
  this.timeout(60_000);
  let hub: HubProcess;

  before(async () => {
    hub = await HubProcess.start(['--demo']);
    await hub.untilReady();
  });
  after(() => hub?.stop());

  it('carry figures, alerts, commands and personas together, and say that figures cannot be resumed', async () => {
    const topics = 'metric.demo.*,alert.*.*,command.*,cluster.*.*&topics=connection.*';
    const url = `http://${hub.host}/api/v1/stream?topics=${topics}`;
    let lastEventId: string;
    {
      await using stream = new CurlStream(url);
      const figure = await stream.untilEvent('a figure', isCalled('metric.appended'));
      const data = dataOf(figure).data;
      assert.ok(isRecord(data) && data.source === 'demo' && typeof data.next === 'number');
      await stream.untilEvent('the connection', isCalled('connection.state'));
      await stream.untilEvent('a persona', ({ name }) => name.startsWith('cluster.'));
      ({ lastEventId } = stream);
    }
    await using again = new CurlStream(url, { 'Last-Event-ID': lastEventId });
    assert.equal(dataOf(await again.untilEvent('a gap', isCalled('gap'))).reason, 'missed');
    await again.untilEvent('a figure', isCalled('metric.appended'));
  });

  it('tell everything that another stream, which was not cut, told meanwhile', async () => {
    const url = `http://${hub.host}/api/v1/stream?topics=cluster.demo.*`;
    await using whole = new CurlStream(url);
    await whole.untilEvent('hello', isCalled('hello'));
    /** When what was told last of each persona happened. */
    const told = new Map<unknown, number>();
    let lastEventId: string | undefined;
    let beginAt = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3; round += 1) {
      await using stream = new CurlStream(
        url,
        lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
      );
      const before = whole.events.length;
      await stream.untilEvent('a persona', ({ name }) => name.startsWith('cluster.'));
      await until('something was told meanwhile', () => whole.events.length > before, soon);
      assert.ok(!stream.events.some(isCalled('gap')));
      for (const { topic, at } of personasOf(stream)) {
        beginAt = Math.min(beginAt, at);
        told.set(topic, Math.max(at, told.get(topic) ?? 0));
      }
      ({ lastEventId } = stream);
    }
    const endAt = Math.max(...told.values());
    const due = personasOf(whole).filter(({ at }) => at >= beginAt && at < endAt);
    assert.ok(due.length > 0, 'nothing happened');
    assert.deepEqual(
      due.filter(({ topic, at }) => (told.get(topic) ?? 0) < at),
      [],
    );
  });
});

function personasOf(stream: CurlStream): { readonly topic: unknown; readonly at: number }[] {
  return stream.events
    .filter(({ name }) => name.startsWith('cluster.'))
    .map((event) => {
      const { topic, at } = dataOf(event);
      return { topic, at: Number(at) };
    });
}

describe('the streams of the hub as a process, read by curl, on a real API server', function () {
  this.timeout(180_000);
  let cluster: RealCluster;
  let hub: HubProcess;
  let source: string;
  let args: readonly string[];

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true, kwok: { pods: [pod] } });
    await cluster.addNode('node-1');
    await cluster.addNamespace(pod.namespace);
    await cluster.addPod(pod, 'node-1');
    await cluster.apply(persona('alpha'));
    args = ['--kubeconfig', cluster.kubeconfigs.admin];
    hub = await HubProcess.start(args);
    await hub.untilReady();
    const { sources } = JSON.parse(await (await hub.get('/api/v1/sources')).text()) as {
      sources: { source: string }[];
    };
    source = sources[0]?.source ?? '';
  });
  after(async () => {
    await hub?.stop();
    await cluster?.stop();
  });

  const open = (topics: string, lastEventId?: string): CurlStream =>
    new CurlStream(
      `http://${hub.host}/api/v1/stream?topics=${encodeURIComponent(topics)}`,
      lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
    );

  it('tell what happens, with where to go on from', async () => {
    await using stream = open(`cluster.${source}.*`);
    const hello = await stream.untilEvent('hello', isCalled('hello'));
    assert.equal(dataOf(hello).heartbeatMs, 15_000);
    assert.ok(hello.id);
    assert.match(stream.text, /^HTTP\/1\.1 200 OK\r\n[^]*content-type: text\/event-stream\r\n/i);
    assert.match(stream.text, /^retry: \d{4}$/m);
    await cluster.apply(persona('alpha', 'two'));
    const event = await stream.untilEvent('the write', tells('alpha'));
    assert.equal(event.name, 'cluster.updated');
    assert.deepEqual(dataOf(event).data, { source, name: 'alpha' });
    assert.ok(event.id !== undefined && event.id !== 'none');
  });

  it('tell after a cut what was missed, and nothing that was not subscribed to', async () => {
    let lastEventId: string;
    {
      await using stream = open(`cluster.${source}.*`);
      await stream.untilEvent('hello', isCalled('hello'));
      lastEventId = stream.lastEventId;
    }
    await cluster.apply(persona('beta'));
    await cluster.apply(persona('alpha', 'three'));
    await cluster.kubectl(['delete', 'clusterpersona', 'beta']);
    await until(
      'the hub knows',
      async () => (await hub.get(`/api/v1/clusters/${source}/beta`)).status === 404,
      soon,
    );
    await using stream = open(`cluster.${source}.*`, lastEventId);
    await stream.untilEvent('that this was all', isCalled('recovered'));
    const { events } = stream;
    assert.equal(events.find(tells('beta'))?.name, 'cluster.deleted');
    assert.ok(events.some(tells('alpha')));
    assert.ok(!events.some(isCalled('gap')));
    assert.deepEqual([...new Set(events.map(({ name }) => name.split('.', 1).join()))].sort(), [
      'cluster',
      'hello',
      'recovered',
    ]);
  });

  it('lose nothing, or tell a gap, when the hub is killed and starts again', async () => {
    let lastEventId: string;
    {
      await using stream = open(`cluster.${source}.*`);
      await stream.untilEvent('hello', isCalled('hello'));
      await cluster.apply(persona('gamma'));
      await stream.untilEvent('the write', tells('gamma'));
      lastEventId = stream.lastEventId;
      hub.process.signal('SIGKILL');
      await stream.ended;
    }
    const before = hub;
    await before.process.ended();
    await cluster.apply(persona('delta'));
    hub = await HubProcess.start(args, 'http', before);
    await before.stop();
    await hub.untilReady();
    await using stream = open(`cluster.${source}.*`, lastEventId);
    await stream.untilEvent('what was missed', ({ name }) => name === 'recovered' || name === 'gap');
    const { events } = stream;
    assert.ok(events.some(isCalled('gap')) || events.some(tells('delta')), JSON.stringify(events));
    await cluster.apply(persona('epsilon'));
    await stream.untilEvent('what happens now', tells('epsilon'));
  });

  it('tell a gap to who comes with what no hub made', async () => {
    await using stream = open('cluster.*.*', 'none');
    const gap = await stream.untilEvent('a gap', isCalled('gap'));
    const { reason, retryAfterMs } = dataOf(gap);
    assert.equal(reason, 'missed');
    assert.ok(typeof retryAfterMs === 'number' && retryAfterMs <= 250);
    assert.ok(gap.id !== undefined && gap.id !== 'none');
  });

  for (const [query, detail] of [
    ['', /topics/],
    ['topics=', /topics takes 1 to 100 patterns/],
    ['topics=a..b', /empty segment/],
    ['topics=**&priority=lowest', /priority/],
    [`topics=${'a,'.repeat(101)}`, /topics takes 1 to 100 patterns/],
  ] as const) {
    it(`are refused for ${query.slice(0, 40) || 'nothing'}, with a remedy`, async () => {
      const response = await hub.get(`/api/v1/stream?${query}`);
      assert.equal(response.status, 400);
      const problem: unknown = await response.json();
      assert.ok(isRecord(problem) && problem.code === 'badRequest');
      assert.match(String(problem.detail), detail);
    });
  }

  it('end with a goodbye when the hub is shut down, and not for long', async () => {
    await using stream = open('**');
    await stream.untilEvent('hello', isCalled('hello'));
    hub.process.signal('SIGTERM');
    const goodbye = dataOf(await stream.untilEvent('goodbye', isCalled('goodbye')));
    assert.deepEqual([goodbye.code, goodbye.reason], [1012, 'the hub is shutting down']);
    assert.ok(typeof goodbye.retryAfterMs === 'number' && goodbye.retryAfterMs >= 500);
    await stream.ended;
    await hub.process.ended();
    assert.match(hub.process.failure() ?? '', /exit code 0/);
    const before = hub;
    hub = await HubProcess.start(args, 'http', before);
    await before.stop();
    await hub.untilReady();
  });

  describe('of a log', () => {
    const path = (container: string, tail?: number): string => {
      const query = new URLSearchParams({ source, namespace: pod.namespace, pod: pod.name, container });
      if (tail !== undefined) {
        query.set('tail', String(tail));
      }
      return `/api/v1/logs?${query.toString()}`;
    };
    const textsOf = (stream: CurlStream): string[] =>
      stream.events
        .filter(isCalled('lines'))
        .flatMap(({ data }) => data.split('\n').map((line) => (JSON.parse(line) as { text: string }).text));
    const numbered = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

    it('tell each line once, through cuts and a hub that is killed', async () => {
      const log = cluster.containerLog(pod.namespace, pod.name, 'controller');
      const told: string[] = [];
      let lastEventId: string | undefined;
      for (let round = 0; round < 4; round += 1) {
        // Equal lines among them, of equal times.
        log.append([...numbered(round * 100, round * 100 + 99), 'the same', 'the same']);
        await using stream = new CurlStream(
          `http://${hub.host}${path('controller')}`,
          lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
        );
        await until('the lines came', () => textsOf(stream).length >= 101, soon);
        assert.ok(!stream.events.some(isCalled('gap')));
        log.append([`while it listens ${round}`]);
        await until('the line came', () => textsOf(stream).length >= 102, soon);
        told.push(...textsOf(stream));
        ({ lastEventId } = stream);
        if (round === 1) {
          const before = hub;
          hub.process.signal('SIGKILL');
          await stream.ended;
          await before.process.ended();
          hub = await HubProcess.start(args, 'http', before);
          await before.stop();
          await hub.untilReady();
        }
      }
      const all = [0, 1, 2, 3].flatMap((round) => [
        ...numbered(round * 100, round * 100 + 99),
        'the same',
        'the same',
        `while it listens ${round}`,
      ]);
      assert.deepEqual(told, all);
    });

    it('cut off who does not read, who then goes on without a loss', async () => {
      const log = cluster.containerLog(pod.namespace, pod.name, 'flood');
      const wide = 'x'.repeat(4_000);
      const count = 5_000;
      for (let from = 0; from < count; from += 500) {
        log.append(numbered(from, from + 500).map((line) => `${line} ${wide}`));
      }
      const memoryBefore = hub.memoryBytes();
      const slow = connect(hub.port, '127.0.0.1');
      let text = '';
      slow.on('data', (chunk: Buffer) => (text += chunk.toString()));
      slow.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => slow.once('close', () => resolve()));
      slow.write(`GET ${path('flood', count)} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
      await until('it begins', () => text.includes('event: lines'), soon);
      slow.pause();
      await until(
        'it was cut off',
        async () =>
          /^clusterpersona_hub_clients\{face="stream"\} 0$/m.test(await (await hub.get('/metrics')).text()),
        soon,
      );
      assert.ok(hub.memoryBytes() - memoryBefore < 100 * 1024 * 1024, 'what it did not read was held');
      slow.resume();
      await closed;
      // What stands before a cut in the middle of an event was none.
      const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
      const lastEventId = [...whole.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
      const first = [...whole.matchAll(/"text":"line (\d+) /g)].map(([, number]) => Number(number));
      assert.ok(first.length > 0 && first.length < count, `${first.length} came before`);
      await using stream = new CurlStream(`http://${hub.host}${path('flood')}`, {
        'Last-Event-ID': lastEventId,
      });
      const rest = (): number[] => textsOf(stream).map((line) => Number(/^line (\d+) /.exec(line)?.[1]));
      await until('the rest came', () => first.length + rest().length >= count, soon);
      assert.deepEqual(
        [...first, ...rest()],
        Array.from({ length: count }, (_, index) => index),
      );
      assert.ok(!stream.events.some(isCalled('gap')));
    });

    it('tell a gap where the lines that were not told are gone', async () => {
      const log = cluster.containerLog(pod.namespace, pod.name, 'controller');
      let lastEventId: string;
      {
        await using stream = new CurlStream(`http://${hub.host}${path('controller', 10)}`);
        log.append(['the last one that is told']);
        await until('it came', () => textsOf(stream).at(-1) === 'the last one that is told', soon);
        ({ lastEventId } = stream);
      }
      // As where a log is rotated twice.
      log.append(['never seen']);
      writeFileSync(log.file, '');
      log.append(['what is there', 'and more'], { at: new Date(Date.now() + 5_000) });
      await using stream = new CurlStream(`http://${hub.host}${path('controller')}`, {
        'Last-Event-ID': lastEventId,
      });
      const { reason, since, until: end } = dataOf(await stream.untilEvent('a gap', isCalled('gap')));
      assert.equal(reason, 'missed');
      assert.ok(String(since) < String(end), `${String(since)} to ${String(end)}`);
      await until('what is there came', () => textsOf(stream).length === 2, soon);
      assert.deepEqual(textsOf(stream), ['what is there', 'and more']);
      assert.deepEqual(
        stream.events.slice(0, 3).map(({ name }) => name),
        ['hello', 'gap', 'lines'],
      );
    });

    it('tell a gap to who comes with an id of another log', async () => {
      const other = 'l1~0123456789abcdef~1~0~0123456789abcdef~2026-01-01T00:00:00Z';
      await using stream = new CurlStream(`http://${hub.host}${path('controller', 1)}`, {
        'Last-Event-ID': other,
      });
      await stream.untilEvent('a line', isCalled('lines'));
      assert.deepEqual(
        stream.events.map(({ name }) => name),
        ['hello', 'gap', 'lines'],
      );
    });

    it('are refused with a status where there is no such pod, source or number', async () => {
      const query = (changes: Record<string, string>): string =>
        `/api/v1/logs?${new URLSearchParams({ source, namespace: pod.namespace, pod: pod.name, ...changes }).toString()}`;
      for (const [changes, status, code] of [
        [{ pod: 'nobody' }, 404, 'notFound'],
        [{ source: 'nowhere' }, 404, 'notFound'],
        [{ tail: '-1' }, 400, 'badRequest'],
        [{ tail: '5001' }, 400, 'badRequest'],
      ] as const) {
        const response = await hub.get(query(changes));
        const problem: unknown = await response.json();
        assert.ok(isRecord(problem));
        assert.deepEqual([response.status, problem.code], [status, code], JSON.stringify(changes));
      }
    });
  });
});
