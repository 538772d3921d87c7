import assert from 'node:assert/strict';
import { AlertNews } from '../../../../src/extension/alerts/alertNews';
import type { Severity } from '../../../../src/protocol/alert';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';

const nodes = (...ready: readonly boolean[]) => ({
  status: { phase: 'Ready', nodes: ready.map((value, place) => ({ name: `n${place}`, ready: value })) },
});
const WELL = nodes(true, true);
const ILL = nodes(true, false);
const DOWN = nodes(false, false);

/** Notes what would be told. */
function listen({ hub, clock, owned }: HubFixture, wanted: { choice: 'all' | Severity } = { choice: 'all' }) {
  const told: string[] = [];
  owned.add(
    new AlertNews({
      hub,
      clock,
      isWanted: (severity) => wanted.choice === 'all' || severity === wanted.choice,
      tell: (alerts) =>
        told.push(alerts.map(({ name, subject, severity }) => `${name} ${subject} ${severity}`).join(', ')),
    }),
  );
  return told;
}

describe('news of alerts', () => {
  trackLeaks();

  it(
    'are told together after a few seconds, and then at most once in half a minute',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a', 'b', 'c');
      const told = listen(fixture);
      server.put('a', ILL);
      await clock.advance(2_000);
      server.put('b', DOWN);
      await clock.advance(900);
      assert.deepEqual(told, []);
      await clock.advance(200);
      assert.deepEqual(told.splice(0), ['b n0 critical, b n1 critical, a n1 warning']);
      server.put('c', ILL);
      await clock.advance(29_000);
      assert.deepEqual(told, []);
      await clock.advance(2_000);
      assert.deepEqual(told, ['c n1 warning']);
    }),
  );

  it(
    'are not what a first list finds, whenever a source is connected',
    withHub(async (fixture) => {
      const told = listen(fixture);
      const server = new FaultServer();
      server.put('a', DOWN);
      const source = fixture.addServer(server);
      await fixture.goLive(source);
      source.disconnect();
      await fixture.goLive(source);
      await fixture.clock.advance(60_000);
      assert.deepEqual(told, []);
    }),
  );

  it(
    'are nothing that is told again to somebody who came late',
    withHub(async (fixture) => {
      const { hub, clock, owned } = fixture;
      const { server } = await fixture.liveServer('a');
      const told: unknown[] = [];
      owned.add(
        new AlertNews({
          hub: {
            alerts: hub.alerts,
            subscribe: (patterns, listener) =>
              hub.subscribe(patterns, (event) => listener({ ...event, replayed: true })),
          },
          clock,
          isWanted: () => true,
          tell: (alerts) => told.push(alerts),
        }),
      );
      server.put('a', DOWN);
      await clock.advance(60_000);
      assert.deepEqual(told, []);
    }),
  );

  it(
    'are not what ended before it could be told, nor told twice while it comes and goes',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a');
      const told = listen(fixture);
      server.put('a', ILL);
      await clock.advance(1_000);
      server.put('a', WELL);
      await clock.advance(60_000);
      assert.deepEqual(told, []);
      for (let time = 0; time < 5; time += 1) {
        server.put('a', ILL);
        await clock.advance(60_000);
        server.put('a', WELL);
        await clock.advance(60_000);
      }
      assert.deepEqual(told.splice(0), ['a n1 warning']);
      server.put('a', DOWN);
      await clock.advance(60_000);
      assert.deepEqual(told.splice(0), ['a n0 critical, a n1 critical']);
      server.put('a', WELL);
      await clock.advance(600_000);
      server.put('a', ILL);
      await clock.advance(60_000);
      assert.deepEqual(told, ['a n1 warning']);
    }),
  );

  it(
    'are what ended for a moment before it could be told, and then went on',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a', 'b');
      const told = listen(fixture, { choice: 'critical' });
      server.put('a', DOWN);
      await clock.advance(1_000);
      server.put('a', WELL);
      await clock.advance(1_000);
      server.put('a', DOWN);
      await clock.advance(10_000);
      assert.deepEqual(told.splice(0), ['a n0 critical, a n1 critical']);
      server.put('b', DOWN);
      await clock.advance(5_000);
      server.put('b', WELL);
      await clock.advance(20_000);
      assert.deepEqual(told, [], 'they wait for the pause to be over');
      server.put('b', DOWN);
      await clock.advance(60_000);
      assert.deepEqual(told, ['b n0 critical, b n1 critical']);
    }),
  );

  it(
    'are not what was told long ago and was well for a moment only',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a');
      const told = listen(fixture);
      server.put('a', DOWN);
      await clock.advance(3_600_000);
      assert.deepEqual(told.splice(0), ['a n0 critical, a n1 critical']);
      server.put('a', WELL);
      await clock.advance(10_000);
      server.put('a', DOWN);
      await clock.advance(60_000);
      assert.deepEqual(told, []);
    }),
  );

  it(
    'are what the settings want, also where those change meanwhile',
    withHub(async (fixture) => {
      const { clock } = fixture;
      const { server } = await fixture.liveServer('a', 'b');
      const wanted: { choice: 'all' | Severity } = { choice: 'critical' };
      const told = listen(fixture, wanted);
      server.put('a', ILL);
      await clock.advance(10_000);
      assert.deepEqual(told, []);
      server.put('b', DOWN);
      await clock.advance(1_000);
      wanted.choice = 'info';
      await clock.advance(60_000);
      assert.deepEqual(told, []);
    }),
  );
});
