import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import type { SettingProblem } from '../../../src/extension/configuration/decodeSettings';
import { EditorSettings } from '../../../src/extension/configuration/editorSettings';
import { Hub } from '../../../src/hub/hub';
import { DEFAULT_HUB_SETTINGS } from '../../../src/hub/hubSettings';
import { Session } from '../../../src/hub/session';
import type { ClientMessage, ServerMessage } from '../../../src/protocol/messages';
import { until } from '../../support/testbed/until';
import { channelPair } from '../../unit/hub/channelPair';
import { RawClient } from '../../unit/hub/rawClient';

const DEADLINE = { deadlineMs: 10_000 };

describe('The settings of the hub', () => {
  const written = new Set<string>();
  let owned: DisposableStore;
  let warned: SettingProblem[];
  let logged: string[];
  let settings: EditorSettings;

  const write = async (name: string, value: unknown): Promise<void> => {
    written.add(name);
    await vscode.workspace
      .getConfiguration('clusterpersona')
      .update(name, value, vscode.ConfigurationTarget.Global);
  };

  beforeEach(() => {
    owned = new DisposableStore();
    warned = [];
    logged = [];
    settings = owned.add(
      new EditorSettings({
        logger: { ...nullLogger, warn: (message) => logged.push(message) },
        onWrong: (problems) => warned.push(...problems),
      }),
    );
  });

  afterEach(async () => {
    owned.dispose();
    for (const name of written) {
      await write(name, undefined);
    }
    written.clear();
  });

  it('are the defaults where nothing is set', () => {
    assert.deepEqual(settings.current, DEFAULT_HUB_SETTINGS);
    assert.deepEqual(warned, []);
  });

  it('reach a live session without a reload', async () => {
    const hub = owned.add(
      new Hub({ clock: systemClock, random: systemRandom, logger: nullLogger, settings }),
    );
    const { here, there } = channelPair<ServerMessage, ClientMessage>();
    const client = owned.add(new RawClient(there));
    owned.add(
      new Session({
        hub,
        channel: here,
        clock: systemClock,
        random: systemRandom,
        logger: nullLogger,
        hello: () => ({ view: { type: 'detail', source: 's', name: 'a' }, language: 'en', texts: {} }),
        runCommand: () => Promise.resolve(),
        logTailLines: () => 0,
      }),
    );
    const lines: number[] = [];
    const told = (count: number) => () => {
      for (const message of client.take()) {
        if (message.type === 'hello' || message.type === 'limits') {
          lines.push(message.limits.logLines);
        }
      }
      return Promise.resolve(lines.length >= count);
    };
    client.ready();
    await until('the client is greeted', told(1), DEADLINE);
    await write('retention.logs.lines', 250);
    await until('the client is told', told(2), DEADLINE);
    await write('retention.logs.lines', 'many');
    await until('the client is told of the default', told(3), DEADLINE);
    assert.deepEqual(lines, [1_000, 250, 1_000]);
  });

  it('that cannot be used are told once, logged, and count as their defaults', async () => {
    let changes = 0;
    owned.add(settings.onChanged(() => (changes += 1)));
    await write('metrics.sample.seconds', 1);
    await until('it is told', () => Promise.resolve(warned.length > 0), DEADLINE);
    await write('alerts.cpu.percent', 80);
    await until(
      'the other one counts',
      () => Promise.resolve(settings.current.alerts.cpuPercent === 80),
      DEADLINE,
    );
    assert.deepEqual(
      warned.map(({ name, value, used }) => [name, value, used]),
      [['metrics.sample.seconds', 1, 15]],
    );
    assert.deepEqual(logged, [
      'clusterpersona.metrics.sample.seconds cannot be 1: it has to be a number from 5 to 600 (seconds). Until it is changed, 15 counts.',
    ]);
    assert.equal(settings.current.metrics.sampleMs, 15_000);
    assert.equal(changes, 1, 'what changes nothing is not told');
  });

  it('that do not fit each other are told', async () => {
    await write('realtime.framesPerSecond.min', 150);
    await write('realtime.framesPerSecond.max', 120);
    await until('it is told', () => Promise.resolve(warned.length >= 2), DEADLINE);
    assert.deepEqual(settings.current.flow, DEFAULT_HUB_SETTINGS.flow);
    assert.deepEqual(warned.map(({ name }) => name).toSorted(), [
      'realtime.framesPerSecond.max',
      'realtime.framesPerSecond.min',
    ]);
  });
});
