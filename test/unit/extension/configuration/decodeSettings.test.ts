import assert from 'node:assert/strict';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../../src/transport/connectionSettings';
import {
  decodeHubs,
  decodeSettings,
  type ReadSetting,
  type SettingProblem,
} from '../../../../src/extension/configuration/decodeSettings';
import {
  CHOICE_SETTINGS,
  NUMBER_SETTINGS,
  type NumberSetting,
} from '../../../../src/extension/configuration/settingsTable';
import { DEFAULT_HUB_SETTINGS } from '../../../../src/hub/hubSettings';

const MIN = 'realtime.framesPerSecond.min';
const INITIAL = 'realtime.framesPerSecond.initial';
const MAX = 'realtime.framesPerSecond.max';

const NUMBERS: readonly (readonly [string, NumberSetting])[] = Object.entries(NUMBER_SETTINGS);

function reading(values: Readonly<Record<string, unknown>>): ReadSetting {
  return (name) => (Object.hasOwn(values, name) ? values[name] : undefined);
}

function decode(values: Readonly<Record<string, unknown>>) {
  return decodeSettings(reading(values));
}

function named(problems: readonly SettingProblem[]): string[] {
  return problems.map(({ name, expected, used }) => `${name} ${expected.type} → ${used}`);
}

/** The leaves of the hub's settings that are another than by default, by their paths. */
function differences(settings: object, defaults: object = DEFAULT_HUB_SETTINGS, path = ''): string[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const before: unknown = Reflect.get(defaults, key);
    return typeof value === 'object' && value !== null && typeof before === 'object' && before !== null
      ? differences(value, before, `${path}${key}.`)
      : value === before
        ? []
        : [`${path}${key} ${String(value)}`];
  });
}

describe('settings', () => {
  it('that are not set are those of the hub by default', () => {
    assert.deepEqual(decode({}), {
      hub: DEFAULT_HUB_SETTINGS,
      connection: DEFAULT_CONNECTION_SETTINGS,
      problems: [],
    });
  });

  it('that are set to their defaults are the same', () => {
    const values = Object.fromEntries(NUMBERS.map(([name, setting]) => [name, setting.default]));
    assert.deepEqual(decode({ ...values, kubeconfigs: [], connectOnStart: 'remembered' }), {
      hub: DEFAULT_HUB_SETTINGS,
      connection: DEFAULT_CONNECTION_SETTINGS,
      problems: [],
    });
  });

  for (const [name, { minimum, maximum, isWhole, default: used }] of NUMBERS) {
    it(`have ${name} in its range, to the bounds`, () => {
      for (const value of [minimum, maximum]) {
        // The rates have bounds of each other too.
        const rates = name.startsWith('realtime.frames') ? { [MIN]: minimum, [MAX]: maximum } : {};
        assert.deepEqual(decode({ ...rates, [name]: value }).problems, []);
      }
    });

    it(`have the default of ${name} in the place of what is no such number`, () => {
      const wrong: readonly unknown[] = [
        minimum - 1,
        maximum + 1,
        NaN,
        Infinity,
        -Infinity,
        ...(isWhole ? [minimum + 0.5] : []),
        String(used),
        '',
        true,
        null,
        [used],
        { value: used },
      ];
      for (const value of wrong) {
        const { hub, problems } = decode({ [name]: value });
        assert.deepEqual(named(problems), [`${name} number → ${used}`], String(value));
        assert.equal(problems[0]?.value, value);
        assert.deepEqual(hub, DEFAULT_HUB_SETTINGS);
      }
    });
  }

  it('can be in parts where they are not counted', () => {
    const { hub, problems } = decode({
      'retention.logs.minutes': 2.5,
      'alerts.cpu.percent': 92.5,
      'realtime.queue.megabytes': 1.3,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(differences(hub), [
      `flow.queuedBytes ${Math.round(1.3 * 1024 * 1024)}`,
      'alerts.cpuPercent 92.5',
      'views.logMs 150000',
    ]);
  });

  it('each change the one thing that they are about', () => {
    const changed = (name: string, value: number): string[] => {
      const { hub, connection } = decode({ [name]: value });
      return [...differences(hub), ...differences(connection, DEFAULT_CONNECTION_SETTINGS, 'connection.')];
    };
    const expected: Readonly<Record<string, readonly [number, string]>> = {
      'hubs.backoff.first.seconds': [2, 'connection.initialBackoffMs 2000'],
      'hubs.backoff.max.seconds': [60, 'connection.maxBackoffMs 60000'],
      'hubs.polling.seconds': [10, 'connection.pollMs 10000'],
      'hubs.heartbeats.missed': [3, 'connection.missedHeartbeats 3'],
      [MIN]: [60, 'flow.minRate 60'],
      [INITIAL]: [120, 'flow.initialRate 120'],
      [MAX]: [150, 'flow.maxRate 150'],
      'realtime.queue.events': [200, 'flow.queuedEvents 200'],
      'realtime.queue.megabytes': [2, 'flow.queuedBytes 2097152'],
      'realtime.replay.events': [20, 'replayedEvents 20'],
      'metrics.kept.minutes': [2, 'metrics.keptMs 120000'],
      'metrics.kept.points': [20, 'metrics.keptPoints 20'],
      'metrics.kept.megabytes': [2, 'metrics.budgetBytes 2097152'],
      'metrics.sample.seconds': [20, 'metrics.sampleMs 20000'],
      'logs.kept.minutes': [2, 'logs.keptMs 120000'],
      'logs.kept.megabytes': [2, 'logs.keptBytes 2097152'],
      'logs.total.megabytes': [2, 'logs.totalBytes 2097152'],
      'logs.disk.megabytes': [3, 'logs.diskBytes 3145728'],
      'logs.followed': [2, 'logs.maxStreams 2'],
      'alerts.cpu.percent': [70, 'alerts.cpuPercent 70'],
      'alerts.memory.percent': [70, 'alerts.memoryPercent 70'],
      'alerts.discovery.minutes': [10, 'alerts.discoveryAgeMs 600000'],
      'alerts.kept.hours': [2, 'alerts.keptMs 7200000'],
      'retention.logs.minutes': [2, 'views.logMs 120000'],
      'retention.logs.lines': [200, 'views.logLines 200'],
      'retention.metrics.minutes': [2, 'views.metricMs 120000'],
      'retention.metrics.points': [20, 'views.metricPoints 20'],
      'retention.events.minutes': [2, 'views.eventMs 120000'],
      'retention.events.count': [20, 'views.events 20'],
      'retention.alerts.hours': [2, 'views.alertMs 7200000'],
      'retention.alerts.count': [20, 'views.alerts 20'],
    };
    for (const [name, [value, difference]] of Object.entries(expected)) {
      assert.deepEqual(changed(name, value), [difference], name);
    }
    const ofTheHub = NUMBERS.map(([name]) => name).filter((name) => name !== 'logs.tailLines');
    assert.deepEqual(Object.keys(expected).toSorted(), ofTheHub.toSorted());
  });

  it('have the longest wait for a hub no shorter than the first one; a default gives way', () => {
    const first = 'hubs.backoff.first.seconds';
    const longest = 'hubs.backoff.max.seconds';
    const times = ({ connection: { initialBackoffMs, maxBackoffMs } }: ReturnType<typeof decode>) => [
      initialBackoffMs,
      maxBackoffMs,
    ];
    assert.deepEqual(times(decode({ [longest]: 2 })), [2_000, 2_000]);
    assert.deepEqual(times(decode({ [first]: 50 })), [50_000, 50_000]);
    assert.deepEqual(decode({ [first]: 50 }).problems, []);
    const both = decode({ [first]: 50, [longest]: 20 });
    assert.deepEqual(times(both), [20_000, 20_000]);
    assert.deepEqual(named(both.problems), [`${first} atMost → 20`]);
  });

  it('that are words have the default in the place of any other', () => {
    for (const [name, { choices, default: used }] of Object.entries(CHOICE_SETTINGS)) {
      for (const choice of choices) {
        assert.deepEqual(decode({ [name]: choice }).problems, []);
      }
      for (const wrong of ['constructor', '', 'CALM', 0, null, [...choices]]) {
        assert.deepEqual(named(decode({ [name]: wrong }).problems), [`${name} choice → ${used}`]);
      }
    }
  });

  it('that are paths are a list of texts', () => {
    for (const wrong of ['~/.kube/config', null, [7], ['a', null]]) {
      assert.deepEqual(named(decode({ kubeconfigs: wrong }).problems), ['kubeconfigs paths → undefined']);
    }
    assert.deepEqual(decode({ kubeconfigs: ['a'] }).problems, []);
  });

  it('are the hubs whose addresses can be used, and nothing of the others is repeated', () => {
    const secret = 'https://jane:hunter22@hub.example';
    const { value, problems } = decodeHubs(['https://a.example/', 'https://a.example', secret, 7]);
    assert.deepEqual(value, [{ url: 'https://a.example', label: 'a.example' }]);
    assert.deepEqual(problems, [
      { name: 'hubs', value: '2 of its 4 entries', expected: { type: 'hubUrls' } },
    ]);
    assert.deepEqual(decodeHubs(secret), {
      value: [],
      problems: [{ name: 'hubs', value: 'string', expected: { type: 'hubUrls' } }],
    });
    assert.deepEqual(named(decode({ hubs: [secret] }).problems), ['hubs hubUrls → undefined']);
  });

  it('tell of all that is wrong, and use all that is right', () => {
    const { hub, problems } = decode({
      'metrics.sample.seconds': 1,
      'retention.logs.lines': 2_000,
      'demo.scene': 'quake',
    });
    assert.deepEqual(named(problems), ['metrics.sample.seconds number → 15', 'demo.scene choice → calm']);
    assert.deepEqual(differences(hub), ['views.logLines 2000']);
  });
});

describe('the rates of settings', () => {
  const rates = (values: Readonly<Record<string, unknown>>) => {
    const { hub, problems } = decode(values);
    const { minRate, initialRate, maxRate } = hub.flow;
    return { rates: [minRate, initialRate, maxRate], problems: named(problems) };
  };

  it('start within the bounds, though the default is outside', () => {
    assert.deepEqual(rates({ [MAX]: 80 }), { rates: [50, 80, 80], problems: [] });
    assert.deepEqual(rates({ [MIN]: 120 }), { rates: [120, 120, 200], problems: [] });
  });

  it('are told when the one to start with is outside the bounds', () => {
    assert.deepEqual(rates({ [INITIAL]: 300 }), {
      rates: [50, 100, 200],
      problems: [`${INITIAL} atMost → 100`],
    });
    assert.deepEqual(rates({ [INITIAL]: 20 }), {
      rates: [50, 100, 200],
      problems: [`${INITIAL} atLeast → 100`],
    });
    assert.deepEqual(rates({ [INITIAL]: 300, [MAX]: 80 }), {
      rates: [50, 80, 80],
      problems: [`${INITIAL} atMost → 80`],
    });
  });

  it('are the defaults where the least is above the most, and those are told that were set', () => {
    assert.deepEqual(rates({ [MIN]: 150, [MAX]: 120 }), {
      rates: [50, 100, 200],
      problems: [`${MIN} atMost → 50`, `${MAX} atLeast → 200`],
    });
    assert.deepEqual(rates({ [MIN]: 250 }), { rates: [50, 100, 200], problems: [`${MIN} atMost → 50`] });
    assert.deepEqual(rates({ [MAX]: 40 }), { rates: [50, 100, 200], problems: [`${MAX} atLeast → 200`] });
  });

  it('are told once where one is no number at all', () => {
    assert.deepEqual(rates({ [MIN]: 'many', [MAX]: 80 }), {
      rates: [50, 80, 80],
      problems: [`${MIN} number → 50`],
    });
  });
});
