import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/base/emitter';
import type { FlowFigures } from '../../../../src/hub/flow/flowRegistry';
import { CREDIT_WINDOW } from '../../../../src/hub/flow/subscriberOutbox';
import { DEFAULT_HUB_SETTINGS, type FlowSettings, type HubSettings } from '../../../../src/hub/hubSettings';
import type { ServerMessage, View } from '../../../../src/protocol/messages';
import { trackLeaks } from '../../../support/leakTracker';
import { HubFixture, withHub } from '../hubFixture';
import { RawClient } from '../rawClient';
import { alertEvent, clusterEvent } from './flowEvents';

const VIEW: View = { type: 'detail', source: 's', name: 'a' };

function serve(fixture: HubFixture) {
  const { session, client } = fixture.serve(VIEW);
  return { session, client: fixture.owned.add(new RawClient(client, { givesBack: false })) };
}

/** A client that was greeted and hears of everything. */
async function greeted(fixture: HubFixture) {
  const served = serve(fixture);
  served.client.ready('**');
  await fixture.clock.advance(1_000);
  served.client.take();
  return served;
}

function figures({ hub }: HubFixture): FlowFigures {
  return hub.flows.figures()[0] ?? assert.fail('no subscriber');
}

function flowsAmong(messages: readonly ServerMessage[]) {
  return messages.flatMap((message) => (message.type === 'flow' ? [message] : []));
}

/** Settings that a test changes. */
class ChangingSettings {
  current: HubSettings = DEFAULT_HUB_SETTINGS;
  readonly #changed = new Emitter<HubSettings>((error) => assert.fail(String(error)));
  readonly onChanged = this.#changed.event;

  setFlow(flow: Partial<FlowSettings>): void {
    this.current = { ...this.current, flow: { ...this.current.flow, ...flow } };
    this.#changed.fire(this.current);
  }
}

/** The body of a test that is given a hub whose settings it can change. */
function withSettings(
  body: (fixture: HubFixture, settings: ChangingSettings) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const settings = new ChangingSettings();
    const fixture = new HubFixture(settings);
    try {
      await body(fixture, settings);
    } catch (error) {
      fixture.owned.dispose();
      fixture.hub.dispose();
      throw error;
    }
    await fixture.finish();
  };
}

describe('what a session sends unasked', () => {
  trackLeaks();

  it(
    'goes no faster than a slow client works it off, and ends with the latest',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      const known = new Map<string, number>();
      const truth = new Map<string, number>();
      let frames = 0;
      for (let round = 0; round < 200; round += 1) {
        for (let index = 0; index < 50; index += 1) {
          const name = `p${(round * 7 + index) % 100}`;
          fixture.hub.publish(clusterEvent('cluster.updated', name));
          const { topic, at } = fixture.events.at(-1) ?? assert.fail();
          truth.set(topic, at);
        }
        await fixture.clock.advance(10);
        const arrived = client.takeFrames();
        frames += arrived.length;
        for (const { topic, at } of arrived.flat()) {
          known.set(topic, at);
        }
        if (round % 5 === 4) {
          client.send({ type: 'flow', credits: 1, fps: 12 });
        }
      }
      // 200 rounds of 10 ms at one frame in 50 ms, and what may be under way.
      assert.ok(frames <= CREDIT_WINDOW + 40, `${frames} frames`);
      assert.ok(figures(fixture).queued <= 100);
      client.send({ type: 'flow', credits: 8 });
      await fixture.clock.advance(1_000);
      for (const { topic, at } of client.takeFrames().flat()) {
        known.set(topic, at);
      }
      assert.deepEqual(known, truth);
    }),
  );

  it(
    'stops for a client that gives nothing back: state waits once a topic, streams within bounds, and it is told of the rest',
    withSettings(async (fixture, settings) => {
      settings.setFlow({ queuedEvents: 100 });
      const { client } = await greeted(fixture);
      for (let round = 0; round < 300; round += 1) {
        fixture.hub.publish(clusterEvent('cluster.updated', `p${round % 10}`));
        fixture.hub.publish(alertEvent(`a${round}`));
        await fixture.clock.advance(10);
      }
      const messages = client.take();
      const told = messages.flatMap((message) => (message.type === 'events' ? message.events : []));
      assert.equal(messages.filter(({ type }) => type === 'events').length, CREDIT_WINDOW);
      const { queued, dropped, credits } = figures(fixture);
      assert.equal(credits, 0);
      assert.equal(queued, 10 + 100);
      const alertsTold = told.filter(({ type }) => type === 'alert.raised').length;
      assert.equal(alertsTold + 100 + dropped, 300);
      // Once a second at most, and in the end it knows.
      await fixture.clock.advance(1_000);
      const flows = flowsAmong([...messages, ...client.take()]);
      assert.ok(flows.length >= 1 && flows.length <= 4, `${flows.length} messages`);
      assert.equal(flows.at(-1)?.dropped, dropped);
      await fixture.clock.advance(5_000);
      assert.equal(fixture.clock.pendingTimers, 0, 'nothing runs for a client that is dead');
    }),
  );

  it(
    'says of no frame where its client is while something was dropped that it was not told of',
    withSettings(async (fixture, settings) => {
      settings.setFlow({ queuedEvents: 1 });
      const { client } = await greeted(fixture);
      const drop = async (): Promise<ServerMessage[]> => {
        fixture.hub.publish(alertEvent('a'));
        fixture.hub.publish(alertEvent('b'));
        await fixture.clock.advance(10);
        return client.take();
      };
      const cursors = (messages: readonly ServerMessage[]): boolean[] =>
        messages.flatMap((message) =>
          message.type === 'events' ? message.events.map(({ cursor }) => cursor !== '') : [],
        );
      const first = await drop();
      assert.deepEqual([flowsAmong(first).length, cursors(first)], [1, [true]]);
      // That it is told in a second: until then nobody could know what to ask.
      const second = await drop();
      assert.deepEqual([flowsAmong(second).length, cursors(second)], [0, [false]]);
      await fixture.clock.advance(1_000);
      assert.deepEqual(flowsAmong(client.take()).map(({ dropped }) => dropped), [2]); // prettier-ignore
      fixture.hub.publish(alertEvent('a'));
      await fixture.clock.advance(10);
      assert.deepEqual(cursors(client.take()), [true]);
    }),
  );

  it(
    'gives a greedy client no more than the window at once',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      client.send({ type: 'flow', credits: 1_000_000_000 });
      client.send({ type: 'flow', credits: 5 });
      for (let round = 0; round < 100; round += 1) {
        fixture.hub.publish(clusterEvent('cluster.updated', 'a'));
        await fixture.clock.advance(10);
      }
      assert.equal(client.takeFrames().length, CREDIT_WINDOW);
      client.send({ type: 'flow', credits: -1 });
      client.send({ type: 'flow', credits: 0.5 });
      await fixture.clock.settle();
      assert.deepEqual(
        client.take().map(({ type }) => type),
        ['error', 'error'],
      );
    }),
  );

  it(
    'slows down for a view that is painted too rarely, tells so, and forgets it when the view is hidden',
    withHub(async (fixture) => {
      const { session, client } = await greeted(fixture);
      const feed = async (seconds: number, fps: number): Promise<void> => {
        for (let time = 0; time < seconds * 10; time += 1) {
          fixture.hub.publish(clusterEvent('cluster.updated', 'a'));
          client.send({ type: 'flow', credits: 1, fps });
          await fixture.clock.advance(100);
        }
      };
      await feed(6, 20);
      const { rate, reason, fps } = figures(fixture);
      assert.deepEqual([rate, reason, fps], [80, 'frameRate', 20]);
      assert.deepEqual(
        flowsAmong(client.take()).map((flow) => [flow.rate, flow.dropped]),
        [[80, 0]],
      );
      session.setVisible(false);
      assert.equal(figures(fixture).fps, undefined);
      assert.equal(figures(fixture).isVisible, false);
      client.send({ type: 'flow', credits: 1, fps: 20 });
      await fixture.clock.settle();
      assert.equal(figures(fixture).fps, undefined, 'a hidden view has no frame rate');
      assert.equal(fixture.clock.pendingTimers, 0, 'a hidden view costs nothing');
      session.setVisible(true);
      await feed(11, 60);
      assert.equal(figures(fixture).reason, 'calm');
    }),
  );

  it(
    'has the whole window again when it is shown again, whatever was lost with it',
    withHub(async (fixture) => {
      const { session, client } = await greeted(fixture);
      for (let round = 0; round < CREDIT_WINDOW; round += 1) {
        fixture.hub.publish(clusterEvent('cluster.updated', 'a'));
        await fixture.clock.advance(10);
      }
      assert.equal(figures(fixture).credits, 0);
      session.setVisible(false);
      session.setVisible(true);
      client.take();
      fixture.hub.publish(clusterEvent('cluster.updated', 'a'));
      await fixture.clock.advance(10);
      assert.equal(client.takeFrames().length, 1);
    }),
  );

  it(
    'starts anew with its client: figures, rate and credits',
    withSettings(async (fixture, settings) => {
      settings.setFlow({ queuedEvents: 0 });
      const { client } = await greeted(fixture);
      fixture.hub.publish(alertEvent('a'));
      fixture.hub.publish(clusterEvent('cluster.updated', 'a'));
      await fixture.clock.advance(10);
      assert.deepEqual([figures(fixture).dropped, figures(fixture).credits], [1, CREDIT_WINDOW - 1]);
      client.ready('**');
      await fixture.clock.settle();
      const { dropped, credits, framesSent } = figures(fixture);
      assert.deepEqual([dropped, credits, framesSent], [0, CREDIT_WINDOW, 0]);
    }),
  );

  it(
    'follows other settings at once, and says nothing of them before its client is ready',
    withSettings(async (fixture, settings) => {
      const { client } = serve(fixture);
      settings.setFlow({ initialRate: 60 });
      await fixture.clock.advance(2_000);
      assert.deepEqual(client.take(), []);
      client.ready('**');
      await fixture.clock.settle();
      assert.equal(figures(fixture).rate, 60);
      settings.setFlow({ maxRate: 55 });
      await fixture.clock.settle();
      assert.deepEqual(
        flowsAmong(client.take()).map(({ rate }) => rate),
        [55],
      );
    }),
  );

  it(
    'is no longer counted when its channel is closed',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      assert.deepEqual(figures(fixture).view, VIEW);
      client.close();
      assert.deepEqual(fixture.hub.flows.figures(), []);
    }),
  );
});
