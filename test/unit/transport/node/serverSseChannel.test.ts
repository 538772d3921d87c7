import assert from 'node:assert/strict';
import { DEFAULT_HUB_SETTINGS } from '../../../../src/hub/hubSettings';
import { Session } from '../../../../src/hub/session';
import type { Priority } from '../../../../src/protocol/hubEvent';
import { NO_CURSOR } from '../../../../src/protocol/streamMessages';
import { ServerSseChannel } from '../../../../src/transport/node/serverSseChannel';
import { SharedSseFrame } from '../../../../src/transport/node/sharedSseFrame';
import { SseResponse } from '../../../../src/transport/node/sseResponse';
import { trackLeaks } from '../../../support/leakTracker';
import { ChangingSettings } from '../../hub/changingSettings';
import { withHub, type HubFixture } from '../../hub/hubFixture';
import { ScriptedResponse } from './scriptedResponse';

const frames = new SharedSseFrame();
const CLUSTERS = ['cluster.s.*'];

interface Asked {
  readonly patterns?: readonly string[];
  readonly priority?: Priority;
  readonly cursors?: readonly string[];
}

/** A client of a stream; it has read what it is greeted with. */
async function listen(fixture: HubFixture, { patterns = CLUSTERS, priority, cursors }: Asked = {}) {
  const { hub, clock, random, logger, owned } = fixture;
  const client = new ScriptedResponse();
  const response = new SseResponse({
    response: client.response,
    headers: {},
    clock,
    onListenerError: (error) => {
      throw error;
    },
    retryMs: 1_000,
    credential: undefined,
  });
  const channel = new ServerSseChannel({
    response,
    frames,
    random,
    logger,
    patterns,
    priority,
    cursors,
    cursor: () => hub.cursor('s'),
  });
  owned.add(
    new Session({
      hub,
      channel,
      clock,
      random,
      logger,
      hello: () => ({ language: 'en', texts: {} }),
      runCommand: () => Promise.reject(new Error('nobody asked for it')),
      logTailLines: () => 0,
    }),
  );
  owned.add({ dispose: () => client.cut() });
  channel.start();
  await clock.settle();
  const [hello, ...others] = client.takeEvents();
  assert.equal(hello?.name, 'hello');
  return { client, hello, others, response };
}

const namesOf = (events: readonly { readonly name: string; readonly data: unknown }[]): string[] =>
  events.map(({ name, data }) => {
    const of = (data as { data?: { name?: string } }).data?.name;
    return of === undefined ? name : `${name} ${of}`;
  });

describe('ServerSseChannel', () => {
  trackLeaks();

  it(
    'greets with where the client is, and tells what it subscribed to with where it is then',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const at = fixture.hub.cursor('s');
      const { client, hello } = await listen(fixture);
      assert.deepEqual(hello, {
        name: 'hello',
        id: at,
        data: { version: 1, heartbeatMs: 15_000, limits: DEFAULT_HUB_SETTINGS.views },
      });
      server.put('b');
      await fixture.clock.advance(20);
      const [added, ...more] = client.takeEvents();
      assert.equal(more.length, 0);
      assert.deepEqual([added?.name, added?.id], ['cluster.added', fixture.hub.cursor('s')]);
      assert.deepEqual(added?.data, {
        type: 'cluster.added',
        topic: 'cluster.s.b',
        data: { source: 's', name: 'b' },
        priority: 'normal',
        at: fixture.events.at(-1)?.at,
      });
    }),
  );

  it(
    'goes on after a cut from the last id: what was missed, that this was all, and what comes',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const first = await listen(fixture);
      server.put('b');
      await fixture.clock.advance(20);
      const id = first.client.takeEvents().at(-1)?.id;
      first.client.cut();
      await fixture.clock.settle();
      server.put('c');
      server.delete('a');
      await fixture.clock.advance(20);
      assert.ok(id);
      const second = await listen(fixture, { cursors: [id] });
      assert.deepEqual(second.hello.id, undefined);
      assert.equal((second.hello.data as { resuming?: boolean }).resuming, true);
      await fixture.clock.advance(20);
      assert.deepEqual(namesOf(second.client.takeEvents()), [
        'cluster.added c',
        'cluster.deleted a',
        'recovered',
      ]);
      server.put('d');
      await fixture.clock.advance(20);
      const [event] = second.client.takeEvents();
      assert.deepEqual([event?.name, event?.id], ['cluster.added', fixture.hub.cursor('s')]);
    }),
  );

  it(
    'tells a gap to who comes from where nobody knows, with where it is after asking for everything',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { others } = await listen(fixture, { cursors: [NO_CURSOR] });
      assert.deepEqual(others, [
        { name: 'gap', id: fixture.hub.cursor('s'), data: { reason: 'missed', retryAfterMs: 125 } },
      ]);
    }),
  );

  it(
    'tells who reads slowly the latest of each topic, and everything else in time',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const slow = await listen(fixture);
      const other = await listen(fixture);
      slow.client.stopReading();
      for (let change = 0; change < 100; change += 1) {
        server.put('a', { spec: { description: String(change) } });
        await fixture.clock.advance(20);
      }
      assert.equal(namesOf(other.client.takeEvents()).length, 100);
      // No more is under way than a window of frames.
      assert.ok(slow.response.bufferedBytes > 0 && slow.response.bufferedBytes < 8 * 1_000);
      slow.client.readOn();
      await fixture.clock.advance(100);
      assert.deepEqual(namesOf(slow.client.takeEvents()), Array<string>(9).fill('cluster.updated a'));
    }),
  );

  it(
    'cuts off who has read nothing for 10 s, and nobody else',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const slow = await listen(fixture);
      const other = await listen(fixture);
      slow.client.stopReading();
      server.put('a', { spec: { description: 'x' } });
      await fixture.clock.advance(9_900);
      assert.equal(slow.client.isCut, false);
      await fixture.clock.advance(200);
      assert.deepEqual([slow.client.isCut, other.client.isCut], [true, false]);
      assert.equal(fixture.hub.flows.figures().length, 1, 'its session is over');
    }),
  );

  const settings = new ChangingSettings();
  settings.current = {
    ...DEFAULT_HUB_SETTINGS,
    flow: { ...DEFAULT_HUB_SETTINGS.flow, queuedEvents: 5 },
  };
  it(
    'tells a gap where messages were dropped, and has no id before that was told',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { client } = await listen(fixture, { patterns: ['command.*'] });
      client.stopReading();
      for (let step = 0; step < 60; step += 1) {
        fixture.hub.publish({
          type: 'command.progress',
          topic: `command.${step}`,
          data: { id: String(step), command: 'refresh', state: 'running' },
          priority: 'normal',
        });
        await fixture.clock.advance(20);
      }
      client.readOn();
      await fixture.clock.advance(1_200);
      const events = client.takeEvents();
      const gaps = events.filter(({ name }) => name === 'gap');
      const dropped = gaps.map(({ data }) => (data as { dropped: number }).dropped);
      const told = events.filter(({ name }) => name === 'command.progress').length;
      assert.ok(gaps.every(({ data }) => (data as { reason: string }).reason === 'dropped'));
      assert.ok(gaps.length > 0);
      assert.equal(told + dropped.reduce((sum, count) => sum + count, 0), 60);
    }, settings),
  );

  it(
    'tells only what is urgent enough',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { client } = await listen(fixture, { patterns: ['**'], priority: 'high' });
      server.put('b');
      await fixture.clock.advance(20);
      fixture.hub.publish({
        type: 'connection.state',
        topic: 'connection.s',
        data: { source: 's' },
        priority: 'high',
      });
      await fixture.clock.advance(20);
      assert.ok(client.takeEvents().every(({ name }) => name === 'connection.state'));
    }),
  );

  it(
    'ends with why where it cannot be served',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { others, client } = await listen(fixture, { patterns: ['a..b'] });
      assert.deepEqual(
        others.map(({ name, data }) => [name, (data as { code?: number }).code]),
        [['goodbye', 4400]],
      );
      assert.equal(client.isEnded, true);
    }),
  );
});
