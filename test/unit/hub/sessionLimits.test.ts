import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { Hub } from '../../../src/hub/hub';
import { DEFAULT_HUB_SETTINGS } from '../../../src/hub/hubSettings';
import { Session } from '../../../src/hub/session';
import type { ClientMessage, ServerMessage } from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { channelPair } from './channelPair';
import { ChangingSettings } from './changingSettings';
import { RawClient } from './rawClient';

const SHORT = { ...DEFAULT_REALTIME_LIMITS, logLines: 200 };

interface Served {
  readonly settings: ChangingSettings;
  readonly session: Session;
  readonly client: RawClient;
  /** What the client was told of it since the last time. */
  readonly told: () => Promise<unknown[]>;
}

/** The body of a test that is given a session whose settings it can change, and whose end leaves nothing behind. */
function withSession(body: (served: Served) => Promise<void>): () => Promise<void> {
  return async () => {
    const clock = new FakeClock();
    const settings = new ChangingSettings();
    const random = { next: () => 0.5 };
    const logger = nullLogger;
    const hub = new Hub({ clock, random, logger, settings });
    const { here, there } = channelPair<ServerMessage, ClientMessage>();
    const client = new RawClient(there);
    const session = new Session({
      hub,
      channel: here,
      clock,
      random,
      logger,
      hello: () => ({ view: { type: 'detail', source: 's', name: 'a' }, language: 'en', texts: {} }),
      runCommand: () => Promise.resolve(),
      logTailLines: () => 20,
    });
    const told = async (): Promise<unknown[]> => {
      await clock.settle();
      return client
        .take()
        .map((message) =>
          message.type === 'hello' || message.type === 'limits'
            ? [message.type, message.limits.logLines]
            : message.type,
        );
    };
    try {
      await body({ settings, session, client, told });
    } finally {
      session.dispose();
      client.dispose();
      hub.dispose();
    }
    assert.equal(settings.hasListeners, false);
  };
}

describe('what a view is to keep', () => {
  trackLeaks();

  it(
    'is what the settings say when it is greeted, and again when it starts anew',
    withSession(async ({ settings, client, told }) => {
      settings.change({ views: SHORT });
      assert.deepEqual(await told(), [], 'nothing is sent before it is ready');
      client.ready();
      assert.deepEqual(await told(), [['hello', 200]]);
      settings.change({ views: DEFAULT_REALTIME_LIMITS });
      client.ready();
      assert.deepEqual(await told(), [
        ['limits', 1_000],
        ['hello', 1_000],
      ]);
    }),
  );

  it(
    'is told at once when it changes, hidden or not',
    withSession(async ({ settings, session, client, told }) => {
      client.ready();
      await told();
      settings.change({ views: SHORT });
      assert.deepEqual(await told(), [['limits', 200]]);
      session.setVisible(false);
      assert.deepEqual(await told(), ['visibility']);
      settings.change({ views: DEFAULT_REALTIME_LIMITS });
      assert.deepEqual(await told(), [['limits', 1_000]]);
    }),
  );

  it(
    'is not told when something else changes',
    withSession(async ({ settings, client, told }) => {
      client.ready();
      await told();
      settings.change({ replayedEvents: 10 });
      settings.change({ flow: { ...DEFAULT_HUB_SETTINGS.flow, maxRate: 150 } });
      settings.change({ views: { ...DEFAULT_REALTIME_LIMITS } });
      assert.deepEqual(await told(), []);
    }),
  );

  it(
    'is told to nobody any more once the session ended',
    withSession(async ({ settings, session, client, told }) => {
      client.ready();
      await told();
      session.dispose();
      settings.change({ views: SHORT });
      assert.deepEqual(await told(), []);
    }),
  );
});
