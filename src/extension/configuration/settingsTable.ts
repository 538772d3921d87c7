import { DEMO_SCENES } from '../../demo/demoScene';
import { DEFAULT_HUB_SETTINGS } from '../../hub/hubSettings';
import { DEFAULT_CONNECTION_SETTINGS } from '../../transport/connectionSettings';

/** The section of all settings; their names here are what follows it. */
export const SECTION = 'clusterpersona';

/** What a number of a setting counts, and how much one of it is inside: milliseconds, bytes, or the thing itself. */
const INSIDE = {
  'frames a second': 1,
  events: 1,
  lines: 1,
  points: 1,
  alerts: 1,
  logs: 1,
  heartbeats: 1,
  '%': 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  MB: 1024 * 1024,
} as const;
export type SettingUnit = keyof typeof INSIDE;

/** What can be in parts; the others are counted. */
const DIVISIBLE: ReadonlySet<SettingUnit> = new Set(['%', 'seconds', 'minutes', 'hours', 'MB']);

/**
 * Who may set it, in VS Code's words.
 * - `application`: the user, for all windows. A folder that is opened must not have a say in what the editor keeps in memory
 *   nor in when its user is alarmed; and one place is enough, since every range is bearable on every machine.
 * - `machine`: the user, on each machine: what is there differs.
 * - `window`: also a workspace.
 */
export type SettingScope = 'application' | 'machine' | 'window';

/** A setting that is a number. All its figures are in its unit. */
export interface NumberSetting {
  readonly unit: SettingUnit;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole: boolean;
  readonly scope: SettingScope;
}

/** `inside` is the default as the hub has it. */
function number(
  unit: SettingUnit,
  inside: number,
  minimum: number,
  maximum: number,
  scope: SettingScope = 'application',
): NumberSetting {
  return { unit, default: inside / INSIDE[unit], minimum, maximum, isWhole: !DIVISIBLE.has(unit), scope };
}

const { initialBackoffMs, maxBackoffMs, pollMs, missedHeartbeats } = DEFAULT_CONNECTION_SETTINGS;
const { flow, replayedEvents, metrics, logs, alerts, views } = DEFAULT_HUB_SETTINGS;

/**
 * Every setting that is a number: the manifest, the documentation and the checks say what is said here. A maximum is what
 * one window can bear with everything else at its own; a minimum is what still works.
 */
export const NUMBER_SETTINGS = {
  'logs.tailLines': number('lines', 500, 0, 5_000, 'window'),
  'logs.kept.minutes': number('minutes', logs.keptMs, 1, 1_440),
  'logs.kept.megabytes': number('MB', logs.keptBytes, 1, 1_024),
  'logs.total.megabytes': number('MB', logs.totalBytes, 1, 4_096),
  'logs.disk.megabytes': number('MB', logs.diskBytes, 0, 65_536, 'machine'),
  'logs.followed': number('logs', logs.maxStreams, 1, 1_000),

  'hubs.backoff.first.seconds': number('seconds', initialBackoffMs, 1, 60),
  'hubs.backoff.max.seconds': number('seconds', maxBackoffMs, 1, 600),
  'hubs.polling.seconds': number('seconds', pollMs, 5, 3_600),
  'hubs.heartbeats.missed': number('heartbeats', missedHeartbeats, 1, 10),

  'realtime.framesPerSecond.min': number('frames a second', flow.minRate, 1, 1_000),
  'realtime.framesPerSecond.initial': number('frames a second', flow.initialRate, 1, 1_000),
  'realtime.framesPerSecond.max': number('frames a second', flow.maxRate, 1, 1_000),
  'realtime.queue.events': number('events', flow.queuedEvents, 100, 1_000_000),
  'realtime.queue.megabytes': number('MB', flow.queuedBytes, 1, 256),
  'realtime.replay.events': number('events', replayedEvents, 10, 100_000),

  'metrics.kept.minutes': number('minutes', metrics.keptMs, 1, 1_440),
  'metrics.kept.points': number('points', metrics.keptPoints, 10, 10_000),
  'metrics.kept.megabytes': number('MB', metrics.budgetBytes, 1, 512),
  'metrics.sample.seconds': number('seconds', metrics.sampleMs, 5, 600),

  'alerts.cpu.percent': number('%', alerts.cpuPercent, 1, 1_000),
  'alerts.memory.percent': number('%', alerts.memoryPercent, 1, 1_000),
  'alerts.discovery.minutes': number('minutes', alerts.discoveryAgeMs, 1, 10_080),
  'alerts.kept.hours': number('hours', alerts.keptMs, 1, 168),

  'retention.logs.minutes': number('minutes', views.logMs, 1, 1_440),
  'retention.logs.lines': number('lines', views.logLines, 100, 5_000),
  'retention.metrics.minutes': number('minutes', views.metricMs, 1, 1_440),
  'retention.metrics.points': number('points', views.metricPoints, 10, 5_000),
  'retention.events.minutes': number('minutes', views.eventMs, 1, 1_440),
  'retention.events.count': number('events', views.events, 10, 5_000),
  'retention.alerts.hours': number('hours', views.alertMs, 1, 168),
  'retention.alerts.count': number('alerts', views.alerts, 10, 5_000),
} as const satisfies Record<string, NumberSetting>;
export type NumberSettingName = keyof typeof NUMBER_SETTINGS;

/** Every setting that is one of some words. */
export const CHOICE_SETTINGS = {
  connectOnStart: {
    choices: ['remembered', 'current', 'demo', 'none'],
    default: 'remembered',
    scope: 'machine',
  },
  'alerts.notifications': {
    choices: ['off', 'critical', 'all'],
    default: 'critical',
    scope: 'application',
  },
  'demo.scene': { choices: DEMO_SCENES, default: 'calm', scope: 'machine' },
} as const;
export type ChoiceSettingName = keyof typeof CHOICE_SETTINGS;

/** Every setting of which the value is checked. */
export type SettingName = NumberSettingName | ChoiceSettingName | 'kubeconfigs' | 'hubs';

export function scopeOf(name: SettingName): SettingScope {
  if (name === 'kubeconfigs' || name === 'hubs') {
    return 'machine';
  }
  return { ...NUMBER_SETTINGS, ...CHOICE_SETTINGS }[name].scope;
}

/** Milliseconds, bytes, or what is counted. Bytes are whole. */
export function insideValue(name: NumberSettingName, value: number): number {
  return Math.round(value * INSIDE[NUMBER_SETTINGS[name].unit]);
}
