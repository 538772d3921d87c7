import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/base/disposable';
import { nullLogger } from '../../../../src/base/logger';
import { HubClient } from '../../../../src/client/hubClient';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import { SseChannel } from '../../../../src/transport/web/sseChannel';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedCredentials } from '../scriptedCredentials';
import { json, never, ScriptedHttp, text } from '../scriptedHttp';
import { ScriptedStream } from '../scriptedStream';

function rethrow(error: unknown): never {
  throw error;
}

class SseFixture {
  readonly clock = new FakeClock();
  readonly server = new ScriptedHttp();
  /** In the order in which they were asked for. */
  readonly streams: ScriptedStream[] = [];
  readonly owned = new DisposableStore();
  readonly channel: SseChannel;

  constructor(url = 'https://hub.example', credentials?: ScriptedCredentials) {
    this.server.answer = (path) => {
      if (!path.startsWith('/api/v1/stream')) {
        return json({ sources: [] });
      }
      const stream = new ScriptedStream();
      this.streams.push(stream);
      return stream.answer;
    };
    this.channel = this.owned.add(
      new SseChannel({
        baseUrl: url,
        fetch: this.server.fetch,
        clock: this.clock,
        logger: nullLogger,
        ...(credentials === undefined ? {} : { credentials }),
      }),
    );
  }

  get last(): ScriptedStream {
    const stream = this.streams.at(-1);
    assert.ok(stream, 'no stream was asked for');
    return stream;
  }

  /** What was asked for since the last call: `topics` of streams with what they resume from, and paths of the others. */
  takeAsked(): string[] {
    return this.server.requests.splice(0).map(({ url, options }) => {
      const { pathname, searchParams } = new URL(url);
      const from = options.headers['last-event-id'];
      return pathname === '/api/v1/stream'
        ? `${searchParams.get('topics')}${from === undefined ? '' : ` from ${from}`}`
        : pathname;
    });
  }

  /** A client that has subscribed to `cluster.s.*` and is told of it. */
  async listening(): Promise<{ client: HubClient; events: HubEvent[]; recovered: () => number }> {
    await this.clock.settle();
    this.last.greet();
    await this.clock.settle();
    const client = this.owned.add(new HubClient(this.channel, this.clock, rethrow));
    const events: HubEvent[] = [];
    let recovered = 0;
    this.owned.add(client.onEvents((told) => events.push(...told)));
    this.owned.add(client.onRecovered(() => (recovered += 1)));
    this.owned.add(client.subscribe(['cluster.s.*']));
    client.connect();
    await this.clock.advance(1);
    this.last.greet('at-1');
    await this.clock.settle();
    return { client, events, recovered: () => recovered };
  }

  finish(): void {
    this.owned.dispose();
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
    assert.ok(
      this.streams.every(({ isCancelled }) => isCancelled),
      'a stream is left',
    );
  }
}

const event = (name: string): object => ({
  type: 'cluster.updated',
  topic: `cluster.s.${name}`,
  data: { source: 's', name },
  at: 1,
  priority: 'normal',
});

describe('SseChannel', () => {
  trackLeaks();

  it('is open once the hub has begun a stream, and asks for the topics that are subscribed to', async () => {
    const fixture = new SseFixture();
    await fixture.clock.settle();
    assert.deepEqual([fixture.channel.isOpen, fixture.takeAsked()], [false, ['none']]);
    fixture.last.say('retry: 1000\n\n');
    await fixture.clock.settle();
    assert.equal(fixture.channel.isOpen, false);
    const { events } = await fixture.listening();
    assert.equal(fixture.channel.isOpen, true);
    assert.deepEqual(fixture.takeAsked(), ['cluster.s.*']);
    assert.equal(fixture.streams[0]?.isCancelled, true);
    fixture.last.tell('cluster.updated', event('a'), 'at-2');
    fixture.last.tell('cluster.updated', event('b'), 'none');
    fixture.last.tell('something.new', { type: 'something.new' }, 'at-3');
    await fixture.clock.settle();
    assert.deepEqual(
      events.map(({ topic, cursor }) => [topic, cursor]),
      [
        ['cluster.s.a', 'at-2'],
        ['cluster.s.b', ''],
      ],
    );
    fixture.finish();
  });

  it('puts no request before the stream tells of what it is about', async () => {
    const fixture = new SseFixture();
    const { client } = await fixture.listening();
    fixture.takeAsked();
    assert.deepEqual(await client.request('sources.list', {}), { sources: [] });
    assert.deepEqual(fixture.takeAsked(), ['/api/v1/requests/sources.list']);
    fixture.owned.add(client.subscribe(['alert.s.*']));
    const asked = client.request('sources.list', {});
    const abort = new AbortController();
    const withdrawn = client.request('sources.list', {}, abort.signal);
    await fixture.clock.advance(1);
    abort.abort(new Error('enough'));
    await assert.rejects(withdrawn, /enough/);
    assert.deepEqual(fixture.takeAsked(), ['cluster.s.*,alert.s.* from at-1']);
    fixture.last.greet();
    assert.deepEqual(await asked, { sources: [] });
    assert.deepEqual(fixture.takeAsked(), ['/api/v1/requests/sources.list']);
    fixture.finish();
  });

  it('asks for no other stream where the one that it has tells all of it', async () => {
    const fixture = new SseFixture();
    const { client } = await fixture.listening();
    fixture.owned.add(client.subscribe(['alert.s.*', 'cluster.s.*']));
    await fixture.clock.advance(1);
    fixture.last.greet();
    await fixture.clock.settle();
    fixture.takeAsked();
    client.subscribe(['alert.s.*']).dispose();
    fixture.owned.add(client.subscribe(['alert.s.*']));
    assert.deepEqual(await client.request('sources.list', {}), { sources: [] });
    await fixture.clock.advance(1_000);
    assert.deepEqual(fixture.takeAsked(), ['/api/v1/requests/sources.list']);
    fixture.finish();
  });

  it('asks for what is as urgent as the least urgent of its subscriptions', async () => {
    const fixture = new SseFixture();
    await fixture.clock.settle();
    fixture.last.greet();
    await fixture.clock.settle();
    const asked = async (id: number, priority?: 'critical' | 'normal'): Promise<string | null> => {
      const of = priority === undefined ? {} : { priority };
      fixture.channel.send({ type: 'subscribe', id, patterns: ['a'], ...of });
      await fixture.clock.advance(1);
      fixture.last.greet();
      await fixture.clock.settle();
      return new URL(fixture.server.requests.at(-1)?.url ?? '').searchParams.get('priority');
    };
    assert.deepEqual(
      [await asked(1, 'critical'), await asked(2, 'normal'), await asked(3, 'critical'), await asked(4)],
      ['critical', 'normal', 'normal', null],
    );
    fixture.finish();
  });

  it('has its client ask for everything again after a gap, and after none else', async () => {
    const fixture = new SseFixture();
    const { client, recovered } = await fixture.listening();
    fixture.last.tell('gap', { reason: 'dropped', dropped: 3, retryAfterMs: 100 }, 'at-5');
    await fixture.clock.advance(99);
    assert.equal(recovered(), 0);
    await fixture.clock.advance(1);
    assert.equal(recovered(), 1);
    fixture.owned.add(client.subscribe(['alert.s.*']));
    await fixture.clock.advance(1);
    assert.deepEqual(fixture.takeAsked().at(-1), 'cluster.s.*,alert.s.* from at-5');
    fixture.last.greet();
    fixture.last.tell('recovered', {});
    await fixture.clock.advance(1_000);
    assert.equal(recovered(), 1);
    fixture.finish();
  });

  it('resumes from the cursors of its client, through another stream that is wanted meanwhile', async () => {
    const fixture = new SseFixture();
    await fixture.clock.settle();
    fixture.last.greet();
    await fixture.clock.settle();
    const told: unknown[] = [];
    fixture.owned.add(fixture.channel.onMessage((message) => told.push(message)));
    const cursors = ['c-1', 'c-2'];
    fixture.channel.send({ type: 'subscribe', id: 1, patterns: ['cluster.a.*', 'cluster.b.*'], cursors });
    await fixture.clock.advance(1);
    fixture.last.greet();
    await fixture.clock.settle();
    fixture.channel.send({ type: 'subscribe', id: 2, patterns: ['alert.a.*'] });
    await fixture.clock.advance(1);
    assert.deepEqual(fixture.takeAsked(), [
      'none',
      'cluster.a.*,cluster.b.* from c-1,c-2',
      'cluster.a.*,cluster.b.*,alert.a.* from c-1,c-2',
    ]);
    fixture.last.greet();
    fixture.last.tell('recovered', {});
    fixture.last.tell('recovered', {});
    await fixture.clock.settle();
    assert.deepEqual(told, [{ type: 'recovered', id: 1, ok: true }]);
    fixture.channel.send({ type: 'subscribe', id: 3, patterns: ['x'], cursors: ['c-3'] });
    await fixture.clock.advance(1);
    fixture.last.greet();
    fixture.last.tell('gap', { reason: 'missed', retryAfterMs: 7 });
    await fixture.clock.settle();
    assert.deepEqual(told.slice(1), [{ type: 'recovered', id: 3, ok: false, reset: true, retryAfterMs: 7 }]);
    fixture.finish();
  });

  it('reads no more than its client works off, and takes that for no silence', async () => {
    const fixture = new SseFixture();
    await fixture.clock.settle();
    fixture.last.greet();
    await fixture.clock.settle();
    let frames = 0;
    fixture.owned.add(
      fixture.channel.onMessage((message) => {
        frames += Number((message as { type: string }).type === 'events');
      }),
    );
    fixture.channel.send({ type: 'ready', version: 1 });
    for (let count = 0; count < 20; count += 1) {
      fixture.last.tell('cluster.updated', event('a'), 'at-2');
      await fixture.clock.settle();
    }
    const { reads } = fixture.last;
    assert.equal(frames, 8);
    await fixture.clock.advance(300_000);
    assert.deepEqual([fixture.channel.isOpen, fixture.last.reads], [true, reads]);
    fixture.channel.send({ type: 'flow', credits: 2 });
    await fixture.clock.settle();
    assert.equal(frames, 10);
    fixture.channel.send({ type: 'flow', credits: 100 });
    await fixture.clock.settle();
    assert.equal(frames, 18);
    fixture.channel.send({ type: 'ready', version: 1 });
    await fixture.clock.settle();
    assert.equal(frames, 20);
    fixture.finish();
  });

  it('ends where nothing is heard for more than two heartbeats, comments included', async () => {
    const fixture = new SseFixture();
    await fixture.listening();
    for (let beat = 0; beat < 4; beat += 1) {
      await fixture.clock.advance(15_000);
      fixture.last.say(':\n\n');
      await fixture.clock.settle();
    }
    await fixture.clock.advance(35_999);
    assert.equal(fixture.channel.isOpen, true);
    await fixture.clock.advance(1);
    assert.deepEqual([fixture.channel.isOpen, fixture.channel.closeReason?.kind], [false, 'silent']);
    fixture.finish();
  });

  it('waits for a shorter time where it is doubted', async () => {
    const fixture = new SseFixture();
    await fixture.listening();
    fixture.channel.doubt();
    await fixture.clock.advance(18_000);
    assert.equal(fixture.channel.closeReason?.kind, 'silent');
    fixture.finish();
  });

  it('ends where no stream begins in time', async () => {
    for (const begin of ['never', 'silent'] as const) {
      const fixture = new SseFixture();
      if (begin === 'never') {
        fixture.owned.dispose();
        const other = new ScriptedHttp();
        other.answer = never;
        const channel = new SseChannel({
          baseUrl: 'https://hub.example',
          fetch: other.fetch,
          clock: fixture.clock,
          logger: nullLogger,
        });
        await fixture.clock.advance(20_000);
        assert.equal(channel.closeReason?.kind, 'unreachable');
        assert.equal(other.requests[0]?.options.signal.aborted, true);
      } else {
        await fixture.clock.settle();
        fixture.last.say(':\n\n');
        await fixture.clock.advance(20_000);
        assert.equal(fixture.channel.closeReason?.kind, 'unreachable');
      }
      assert.equal(fixture.clock.pendingTimers, 0);
      fixture.owned.dispose();
    }
  });

  for (const [what, end, kind] of [
    ['it ends', (stream: ScriptedStream) => stream.end(), 'lost'],
    ['it breaks', (stream: ScriptedStream) => stream.fail(), 'lost'],
    [
      'the hub restarts',
      (stream: ScriptedStream) => stream.tell('goodbye', { code: 1012, reason: 'r', retryAfterMs: 5 }),
      'restarting',
    ],
    [
      'the token is revoked',
      (stream: ScriptedStream) => stream.tell('goodbye', { code: 4401, reason: 'r' }),
      'unauthorized',
    ],
    [
      'the hub closes it with a code of its own',
      (stream: ScriptedStream) => stream.tell('goodbye', { code: 4999, reason: 'r' }),
      'goingAway',
    ],
    [
      'the hub speaks another version',
      (stream: ScriptedStream) => stream.tell('hello', { version: 2, heartbeatMs: 1 }),
      'incompatible',
    ],
    [
      'it is no stream of a hub',
      (stream: ScriptedStream) => stream.tell('gap', { reason: 'none of ours' }),
      'notAHub',
    ],
    ['a line has no end', (stream: ScriptedStream) => stream.say('x'.repeat(2 * 1024 * 1024)), 'notAHub'],
  ] as const) {
    it(`ends where ${what}, and says so`, async () => {
      const fixture = new SseFixture();
      const { client } = await fixture.listening();
      end(fixture.last);
      await fixture.clock.settle();
      assert.equal(fixture.channel.closeReason?.kind, kind);
      assert.equal(client.state.type, 'closed');
      fixture.owned.dispose();
      assert.equal(fixture.clock.pendingTimers, 0);
    });
  }

  for (const [status, kind] of [
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'notAHub'],
    [429, 'tooMany'],
    [502, 'serverError'],
  ] as const) {
    it(`knows what ${status} in place of a stream means`, async () => {
      const server = new ScriptedHttp();
      server.answer = () => text('no', status);
      const clock = new FakeClock();
      const channel = new SseChannel({
        baseUrl: 'https://hub.example',
        fetch: server.fetch,
        clock,
        logger: nullLogger,
      });
      await clock.settle();
      assert.equal(channel.closeReason?.kind, kind);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  it('takes a page for no stream', async () => {
    const server = new ScriptedHttp();
    const page = new ScriptedStream('text/html');
    server.answer = () => page.answer;
    const clock = new FakeClock();
    const channel = new SseChannel({
      baseUrl: 'https://hub.example',
      fetch: server.fetch,
      clock,
      logger: nullLogger,
    });
    await clock.settle();
    assert.deepEqual(
      [channel.closeReason?.kind, server.requests[0]?.options.signal.aborted],
      ['notAHub', true],
    );
  });

  it('shows its token in a header, and not at all where that would travel in the clear', async () => {
    const fixture = new SseFixture('https://hub.example', new ScriptedCredentials({ token: 'first' }));
    await fixture.clock.settle();
    const [asked] = fixture.server.requests;
    assert.equal(asked?.options.headers.authorization, 'Bearer first');
    assert.doesNotMatch(asked?.url ?? '', /first/);
    fixture.finish();
    const plain = new SseFixture('http://hub.example', new ScriptedCredentials({ token: 'first' }));
    await plain.clock.settle();
    assert.deepEqual([plain.channel.closeReason?.kind, plain.server.requests.length], ['insecure', 0]);
    plain.owned.dispose();
  });

  it('asks for everything where the topics are more than a header holds', async () => {
    const fixture = new SseFixture();
    await fixture.clock.settle();
    fixture.last.greet();
    await fixture.clock.settle();
    const patterns = Array.from({ length: 40 }, (_, index) => `cluster.${'x'.repeat(200)}.${index}`);
    fixture.channel.send({ type: 'subscribe', id: 1, patterns });
    await fixture.clock.advance(1);
    assert.equal(fixture.takeAsked().at(-1), '**');
    fixture.finish();
  });
});
