import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { nullLogger } from '../../../src/base/logger';
import type { Source } from '../../../src/hub/source';
import { ANYBODY } from '../../../src/server/auth/servedGuest';
import { CompatFace } from '../../../src/server/compatFace';
import { connectionTimers } from '../../../src/transport/node/connectionTimers';
import { playStatus } from '../../support/faultServer/play';
import { FaultServer } from '../../support/faultServer/faultServer';
import { withHub, type HubFixture } from '../hub/hubFixture';
import { SocketPair } from '../transport/node/socketPair';

const VISIT = { guest: ANYBODY, dispose() {} };

interface Served {
  readonly face: CompatFace;
  /** Connects a client; ended with the hub. */
  readonly connect: () => Promise<SocketPair>;
  readonly server: FaultServer;
}

function faceOf({ clock, owned }: HubFixture, source: Source): CompatFace {
  const timers = owned.add(connectionTimers(clock));
  return owned.add(new CompatFace({ source, clock, timers, logger: nullLogger }));
}

/** A face bound to a live source with these personas. */
async function served(fixture: HubFixture, ...names: readonly string[]): Promise<Served> {
  const { server, source } = await fixture.liveServer(...names);
  const face = faceOf(fixture, source);
  return {
    face,
    server,
    connect: async () => {
      const pair = await SocketPair.open({ maxPayload: 512 });
      fixture.owned.add(pair);
      assert.ok(pair.connection instanceof Socket);
      face.serve(pair.server, pair.connection, VISIT);
      return pair;
    },
  };
}

const event = (type: string, name: string) => ({ type: `cluster.${type}`, data: { name } });

/** Everything of the hub's turns of the event loop, which take no time. */
const turns = (fixture: HubFixture) => fixture.clock.advance(100);

describe('the compatible face', () => {
  it(
    'tells every client of each event in a message of its own, in order',
    withHub(async (fixture) => {
      const { connect, server } = await served(fixture, 'a');
      const clients = [await connect(), await connect()];
      server.put('b');
      server.put('a');
      server.put('a');
      server.delete('b');
      await turns(fixture);
      for (const client of clients) {
        assert.deepEqual(
          [await client.next(), await client.next(), await client.next(), await client.next()],
          [event('added', 'b'), event('updated', 'a'), event('updated', 'a'), event('deleted', 'b')],
        );
      }
    }),
  );

  it(
    'tells nobody of what was there before they came, nor of a list that is read once more',
    withHub(async (fixture) => {
      const { connect, server } = await served(fixture, ...Array.from({ length: 5_000 }, (_, n) => `p${n}`));
      const client = await connect();
      const lists = server.count('list');
      server.play('watch', playStatus(410, 'Expired', 'too old'));
      server.endWatches();
      await fixture.clock.advance(20_000);
      assert.ok(server.count('list') > lists, 'nothing was read once more');
      server.put('news');
      await turns(fixture);
      assert.deepEqual(await client.next(), event('added', 'news'));
    }),
  );

  it(
    'tells of the first list who was there before it was read',
    withHub(async (fixture) => {
      const { connect } = await served(fixture);
      const client = await connect();
      const second = fixture.addDemo();
      const face = faceOf(fixture, second);
      const early = await SocketPair.open();
      fixture.owned.add(early);
      assert.ok(early.connection instanceof Socket);
      face.serve(early.server, early.connection, VISIT);
      second.connect();
      await turns(fixture);
      for (let count = 0; count < 12; count += 1) {
        const told = await early.next();
        assert.ok(typeof told === 'object' && told !== null && 'type' in told);
        assert.equal(told.type, 'cluster.added');
      }
      assert.equal(client.isSilent, true);
    }),
  );

  it(
    'tells nobody of the first list who came when it was read but not told yet',
    withHub(async (fixture) => {
      const server = new FaultServer();
      server.put('a');
      server.put('b');
      const source = fixture.addServer(server);
      const face = faceOf(fixture, source);
      const late = await SocketPair.open();
      fixture.owned.add(late);
      let isServed = false;
      fixture.owned.add(
        source.onPersonaChanged(() => {
          assert.ok(late.connection instanceof Socket);
          if (!isServed) {
            isServed = true;
            assert.equal(source.objects().length, 2);
            face.serve(late.server, late.connection, VISIT);
          }
        }),
      );
      await fixture.goLive(source);
      server.put('c');
      await turns(fixture);
      assert.deepEqual(await late.next(), event('added', 'c'));
    }),
  );

  it(
    'tells everybody what another cluster in the place of the first one has, and that the rest is gone',
    withHub(async (fixture) => {
      const { connect, server } = await served(fixture, 'a', 'b');
      const client = await connect();
      await fixture.clock.advance(2_000);
      server.deafenWatches();
      server.delete('a');
      server.clusterUid = 'cluster-b';
      server.cutWatches();
      await fixture.clock.advance(1_000);
      const told = [await client.next(), await client.next(), await client.next()];
      assert.deepEqual(told, [event('deleted', 'a'), event('deleted', 'b'), event('added', 'b')]);
    }),
  );

  it(
    'merges what happens to one name for a client that does not read, and loses nothing of it',
    withHub(async (fixture) => {
      const { connect, face, server } = await served(fixture);
      const [slow, quick] = [await connect(), await connect()];
      slow.client.pause();
      // Far more than a connection holds.
      const name = (n: number): string => `${'x'.repeat(200)}-${n}`;
      let told = 0;
      while (face.lateCount < 2_000) {
        for (let n = 0; n < 2_000; n += 1) {
          server.put(name(n));
        }
        told += 2_000;
        await turns(fixture);
        assert.ok(told < 200_000, 'the client is never late');
      }
      // Each once, however often it changed.
      for (let round = 0; round < 5; round += 1) {
        for (let n = 0; n < 2_000; n += 1) {
          server.put(name(n));
        }
        told += 2_000;
        await turns(fixture);
      }
      assert.equal(face.lateCount, 2_000);
      server.delete(name(7));
      server.put('last');
      await turns(fixture);
      for (let count = 0; count < told; count += 1) {
        await quick.next();
      }
      slow.client.resume();
      const types = new Map<string, string>();
      let messages = 0;
      while (!types.has('last') || face.lateCount > 0 || !slow.isSilent) {
        const message = await slow.next();
        messages += 1;
        assert.ok(isEvent(message));
        types.set(message.data.name, message.type);
        await fixture.clock.settle();
      }
      assert.ok(messages < told, 'nothing was merged');
      assert.equal(types.size, 2_001);
      assert.equal(types.get(name(7)), 'cluster.deleted');
      assert.equal(types.get('last'), 'cluster.added');
    }),
  );

  it(
    'cuts off a client that has no room for 10 s, and no other',
    withHub(async (fixture) => {
      const { connect, face, server } = await served(fixture);
      const [stuck, other] = [await connect(), await connect()];
      stuck.client.pause();
      while (face.lateCount === 0) {
        for (let n = 0; n < 2_000; n += 1) {
          server.put(`${'x'.repeat(200)}-${n}`);
        }
        await turns(fixture);
      }
      await fixture.clock.advance(10_000);
      assert.equal(face.clientCount, 1);
      assert.equal(face.lateCount, 0);
      stuck.client.resume();
      assert.deepEqual(await stuck.closing, {
        code: 4408,
        reason: 'the client has had no room for 10 s',
      });
      assert.equal(other.server.readyState, other.server.OPEN);
    }),
  );

  it(
    'pings every 54 s, and cuts off 60 s after the last pong, each within a second',
    withHub(async (fixture) => {
      const { connect, face } = await served(fixture);
      const client = await connect();
      const pinged = once(client.client, 'ping');
      await fixture.clock.advance(55_000);
      await pinged;
      await fixture.clock.advance(4_999);
      assert.equal(face.clientCount, 1);
      await fixture.clock.advance(1_001);
      assert.equal(face.clientCount, 0);
      assert.deepEqual(await client.closing, { code: 4408, reason: 'no pong came for 60 s' });
    }),
  );

  it(
    'ignores what a client says, up to 512 bytes and not without end',
    withHub(async (fixture) => {
      const { connect, server } = await served(fixture);
      const client = await connect();
      client.client.send('x'.repeat(512));
      client.client.send(Buffer.alloc(10));
      server.put('a');
      await turns(fixture);
      assert.deepEqual(await client.next(), event('added', 'a'));
      client.client.send('x'.repeat(513));
      assert.deepEqual(await client.closing, { code: 1009, reason: 'the message is too long' });
      const loud = await connect();
      for (let count = 0; count < 101; count += 1) {
        loud.client.send('');
      }
      assert.equal((await loud.closing).code, 4429);
    }),
  );
});

function isEvent(message: unknown): message is { type: string; data: { name: string } } {
  return typeof message === 'object' && message !== null && 'type' in message && 'data' in message;
}
