import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { HubClient, READY_RETRY_MS, GREETING_PATIENCE_MS } from '../../../src/client/hubClient';
import { REQUEST_DEADLINE_MS } from '../../../src/client/pendingRequests';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { MAX_MESSAGE_BYTES } from '../../../src/transport/web/webSocketChannel';
import { trackLeaks } from '../../support/leakTracker';
import { ManagerFixture } from './managerFixture';
import { ScriptedCredentials } from './scriptedCredentials';
import type { ScriptedSocket } from './scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

function update(source: string, cursor: string): object {
  const data = { source, name: 'a' };
  return { type: 'cluster.updated', topic: `cluster.${source}.a`, cursor, at: 0, priority: 'normal', data };
}

function kinds(socket: ScriptedSocket): string[] {
  return socket.sent.map((message) => {
    assert.ok(typeof message === 'object' && message !== null && 'type' in message);
    return String(message.type);
  });
}

interface Served extends AsyncDisposable {
  readonly fixture: ManagerFixture;
  readonly client: HubClient;
  recovered: number;
}

async function serve(credentials?: ScriptedCredentials): Promise<Served> {
  const fixture = new ManagerFixture(credentials === undefined ? {} : { credentials });
  const client = new HubClient(fixture.manager, fixture.clock, rethrow);
  const served: Served = {
    fixture,
    client,
    recovered: 0,
    [Symbol.asyncDispose]: async () => {
      client.dispose();
      fixture.finish();
      await fixture.clock.settle();
    },
  };
  fixture.listening.add(client.onRecovered(() => (served.recovered += 1)));
  client.connect();
  await fixture.start();
  return served;
}

describe('HubClient over a connection that is lost and opened again', () => {
  trackLeaks();

  it('says nothing while there is no connection, and is ready after each opening', async () => {
    await using served = await serve();
    const { fixture, client } = served;
    const { sockets, clock } = fixture;
    await clock.advance(READY_RETRY_MS * 3);
    sockets.last.greet();
    await clock.advance(READY_RETRY_MS);
    assert.deepEqual(kinds(sockets.last), ['ready', 'ready']);
    sockets.last.hello();
    assert.equal(client.state.type, 'open');
    sockets.last.end();
    assert.equal(client.state.type, 'greeting');
    await clock.advance(fixture.waitMs);
    sockets.last.greet();
    assert.deepEqual(kinds(sockets.last), ['ready']);
  });

  it('holds what is asked meanwhile, asks again what was not answered, and resumes from what it saw', async () => {
    await using served = await serve();
    const { fixture, client } = served;
    const { sockets, clock } = fixture;
    sockets.last.greet();
    sockets.last.hello();
    const subscription = fixture.listening.add(client.subscribe(['cluster.*.*']));
    sockets.last.say({ type: 'events', events: [update('s', 'one'), update('t', 'two')] });
    const before = client.request('sources.list', {});
    sockets.last.end();
    const meanwhile = client.request('sources.list', {});
    await clock.advance(fixture.waitMs);
    sockets.last.greet();
    await clock.advance(GREETING_PATIENCE_MS * 2);
    assert.equal(client.state.type, 'silent');
    sockets.last.sent.length = 0;
    sockets.last.hello();
    assert.deepEqual(sockets.last.sent, [
      { type: 'subscribe', id: 1, patterns: ['cluster.*.*'], cursors: ['one', 'two'] },
      { type: 'request', id: 1, method: 'sources.list', params: {} },
      { type: 'request', id: 2, method: 'sources.list', params: {} },
    ]);
    sockets.last.say({ type: 'response', id: 1, result: { sources: [] } });
    sockets.last.say({ type: 'response', id: 2, result: { sources: [] } });
    assert.deepEqual(await Promise.all([before, meanwhile]), [{ sources: [] }, { sources: [] }]);
    assert.equal(served.recovered, 0);
    subscription.dispose();
  });

  it('does not have a command run twice: one that was sent ends with the connection, one that was not is sent later', async () => {
    await using served = await serve();
    const { fixture, client } = served;
    const { sockets, clock } = fixture;
    sockets.last.greet();
    sockets.last.hello();
    const command = { type: 'showLog' } as const;
    const sent = assert.rejects(client.request('command.run', { command }), /closed/);
    sockets.last.end();
    await sent;
    const held = client.request('command.run', { command });
    await clock.advance(fixture.waitMs);
    sockets.last.greet();
    sockets.last.hello();
    assert.deepEqual(sockets.last.sent, [
      { type: 'ready', version: PROTOCOL_VERSION },
      { type: 'request', id: 2, method: 'command.run', params: { command } },
    ]);
    sockets.last.say({ type: 'response', id: 2, result: {} });
    await held;
  });

  it('resumes from as many places as a message holds', async () => {
    await using served = await serve();
    const { fixture, client } = served;
    const { sockets, clock } = fixture;
    fixture.listening.add(client.subscribe(['x'.repeat(2_000)]));
    sockets.last.greet();
    sockets.last.hello();
    const events = Array.from({ length: 5_000 }, (_, n) => update(`s${n}`, `${'€'.repeat(30)}${n}`));
    sockets.last.say({ type: 'events', events });
    sockets.last.end();
    await clock.advance(fixture.waitMs);
    sockets.last.greet();
    sockets.last.sent.length = 0;
    sockets.last.hello();
    const [subscribe] = sockets.last.sent;
    assert.ok(typeof subscribe === 'object' && subscribe !== null && 'cursors' in subscribe);
    assert.ok(Array.isArray(subscribe.cursors) && subscribe.cursors.length > 100);
    assert.equal(subscribe.cursors.at(-1), `${'€'.repeat(30)}4999`);
    assert.ok(Buffer.byteLength(JSON.stringify(subscribe)) <= MAX_MESSAGE_BYTES);
  });

  it('asks for everything again where there is nothing to resume from', async () => {
    await using served = await serve();
    const { fixture } = served;
    fixture.sockets.last.greet();
    fixture.sockets.last.hello();
    fixture.sockets.last.end();
    await fixture.clock.advance(fixture.waitMs);
    fixture.sockets.last.greet();
    fixture.sockets.last.hello();
    assert.equal(served.recovered, 1);
  });
});

/** What may happen to a connection, and what people do meanwhile. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('greet', 'hello', 'answer', 'event', 'request').map(plain) },
  fc
    .constantFrom('start', 'stop', 'retry', 'awake', 'sleep', 'signIn', 'signOut', 'garbage', 'renewFails')
    .map(plain),
  fc.record({
    type: fc.constant('greetAuth' as const),
    auth: fc.constantFrom('none', 'done', 'required', 'odd'),
  }),
  fc.record({
    type: fc.constant('end' as const),
    code: fc.constantFrom(1000, 1001, 1006, 1009, 1011, 1012, 4400, 4401, 4403, 4408, 4429),
  }),
  fc.record({ type: fc.constant('goodbye' as const), retryAfterMs: fc.nat(100_000) }),
  fc.record({ type: fc.constant('advance' as const), ms: fc.nat(90_000) }),
);
type Step = Plain | { type: 'greetAuth'; auth: string } | { type: 'end'; code: number } | Goodbye | Advance;
type Goodbye = { type: 'goodbye'; retryAfterMs: number };
type Advance = { type: 'advance'; ms: number };
type Plain = {
  type:
    | 'greet'
    | 'hello'
    | 'answer'
    | 'event'
    | 'request'
    | 'start'
    | 'stop'
    | 'retry'
    | 'awake'
    | 'sleep'
    | 'signIn'
    | 'signOut'
    | 'garbage'
    | 'renewFails';
};

function plain(type: Plain['type']): Plain {
  return { type };
}

/** A run of steps, with what was asked on the way. */
class RandomRun {
  readonly credentials = new ScriptedCredentials();
  readonly fixture = new ManagerFixture({ credentials: this.credentials });
  readonly client = new HubClient(this.fixture.manager, this.fixture.clock, rethrow);
  asked = 0;
  ended = 0;
  #tokens = 0;

  async take(step: Step): Promise<void> {
    const { manager, sockets, clock, awake } = this.fixture;
    // What a socket does that this side has closed must not matter either.
    const socket = sockets.all.at(-1);
    switch (step.type) {
      case 'greet':
        socket?.greet();
        break;
      case 'greetAuth':
        socket?.greet({ auth: step.auth });
        break;
      case 'hello':
        if (socket !== undefined) {
          socket.hello();
        }
        break;
      case 'answer':
        this.answerAll(socket);
        break;
      case 'event':
        socket?.say({ type: 'events', events: [update('s', 'c')] });
        break;
      case 'garbage':
        socket?.sayRaw('<html>');
        break;
      case 'end':
        socket?.end(step.code);
        break;
      case 'goodbye':
        socket?.say({ type: 'goodbye', reason: 'r', retryAfterMs: step.retryAfterMs });
        break;
      case 'request':
        this.request();
        break;
      case 'start':
        manager.start();
        break;
      case 'stop':
        manager.stop();
        break;
      case 'retry':
        manager.retryNow();
        break;
      case 'awake':
        awake.fire();
        break;
      case 'sleep':
        clock.jumpWall(3_600_000);
        awake.fire();
        break;
      case 'signIn':
        this.#tokens += 1;
        this.credentials.change({ token: `t${this.#tokens}`, expiresAt: clock.now() + 40_000 });
        break;
      case 'signOut':
        this.credentials.change(undefined);
        break;
      case 'renewFails':
        this.credentials.next = () => Promise.reject(new Error('away'));
        break;
      case 'advance':
        await clock.advance(step.ms);
        break;
      default:
        step satisfies never;
    }
    await clock.settle();
  }

  request(): void {
    this.asked += 1;
    const end = (): void => void (this.ended += 1);
    this.client.request('sources.list', {}).then(end, end);
  }

  answerAll(socket: ScriptedSocket | undefined): void {
    for (const message of socket?.sent ?? []) {
      if (typeof message === 'object' && message !== null && 'method' in message && 'id' in message) {
        socket?.say({ type: 'response', id: message.id, result: { sources: [] } });
      }
    }
  }
}

describe('A connection to a hub, whatever happens to it', () => {
  it('has at most one socket, ends every request, and leaves no timer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, isPatient) => {
        const run = new RandomRun();
        const { fixture, client } = run;
        const { sockets, clock, manager } = fixture;
        client.connect();
        manager.start();
        for (const each of steps) {
          await run.take(each);
          assert.ok(sockets.openCount <= 1, `${sockets.openCount} sockets`);
          const { type } = manager.state;
          const isTrying = type === 'connecting' || type === 'open' || type === 'reconnecting';
          assert.equal(isTrying || !manager.isOpen, true, `open while ${type}`);
          assert.ok(type !== 'connecting' || clock.pendingTimers > 0, 'it waits without an end');
        }
        if (isPatient) {
          await clock.advance(REQUEST_DEADLINE_MS);
        } else {
          client.dispose();
        }
        await clock.settle();
        assert.equal(run.ended, run.asked);
        client.dispose();
        manager.dispose();
        fixture.finish();
      }),
      { numRuns: 400 },
    );
  });

  it('serves every request once the hub is well again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const run = new RandomRun();
        const { fixture, client } = run;
        client.connect();
        for (const each of steps) {
          await run.take(each);
        }
        run.request();
        await run.take({ type: 'signIn' });
        await run.take({ type: 'end', code: 1006 });
        await run.take({ type: 'start' });
        await run.take({ type: 'retry' });
        await fixture.clock.settle();
        const { sockets } = fixture;
        sockets.last.greet({ auth: 'required' });
        sockets.last.hello();
        run.answerAll(sockets.last);
        await fixture.clock.settle();
        assert.equal(client.state.type, 'open');
        assert.equal(fixture.state, 'open');
        assert.equal(run.ended, run.asked);
        client.dispose();
        fixture.finish();
      }),
      { numRuns: 400 },
    );
  });
});
