import type { HubSettings } from '../../hub/hubSettings';
import { parseHubUrl } from '../../remote/hubUrl';
import { DEFAULT_CONNECTION_SETTINGS, type ConnectionSettings } from '../../transport/connectionSettings';
import {
  CHOICE_SETTINGS,
  insideValue,
  NUMBER_SETTINGS,
  type ChoiceSettingName,
  type NumberSetting,
  type NumberSettingName,
  type SettingName,
} from './settingsTable';

/** What a setting should have been. */
export type Expected =
  | ({ readonly type: 'number' } & Pick<NumberSetting, 'unit' | 'minimum' | 'maximum' | 'isWhole'>)
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'paths' }
  | { readonly type: 'hubUrls' }
  /** Each of them is in its range, but not beside the other one. */
  | {
      readonly type: 'atMost' | 'atLeast';
      readonly bound: number;
      readonly other: NumberSettingName;
    };

/** A value that cannot be used. */
export interface SettingProblem {
  readonly name: SettingName;
  /** What is set, whatever it is. */
  readonly value: unknown;
  readonly expected: Expected;
  /** What counts instead, in the unit of the setting; absent for a list, of which what can be used is. */
  readonly used?: number | string;
}

export interface DecodedSettings {
  readonly hub: HubSettings;
  /** How connections to hubs are kept. */
  readonly connection: ConnectionSettings;
  /** In the order of the settings. */
  readonly problems: readonly SettingProblem[];
}

/** What is set under a name, undefined where nothing is. */
export type ReadSetting = (name: SettingName) => unknown;

const FIRST_WAIT = 'hubs.backoff.first.seconds';
const MAX_WAIT = 'hubs.backoff.max.seconds';
const MIN = 'realtime.framesPerSecond.min';
const INITIAL = 'realtime.framesPerSecond.initial';
const MAX = 'realtime.framesPerSecond.max';

/** Reads every setting. One that cannot be used is a problem, and counts as its default. */
export function decodeSettings(read: ReadSetting): DecodedSettings {
  const found: SettingProblem[] = [];
  for (const name of namesOf(NUMBER_SETTINGS)) {
    found.push(...decodeNumber(name, read(name)).problems);
  }
  for (const name of namesOf(CHOICE_SETTINGS)) {
    found.push(...decodeChoice(name, read(name)).problems);
  }
  const paths = read('kubeconfigs');
  if (paths !== undefined && !(Array.isArray(paths) && paths.every((path) => typeof path === 'string'))) {
    found.push({ name: 'kubeconfigs', value: paths, expected: { type: 'paths' } });
  }
  const hubs = decodeHubs(read('hubs'));
  const rates = decodeRates(read);
  const backoff = decodeBackoff(read);
  return {
    hub: hubSettings(read, rates),
    connection: {
      ...DEFAULT_CONNECTION_SETTINGS,
      initialBackoffMs: backoff.firstMs,
      maxBackoffMs: backoff.maxMs,
      pollMs: insideOf(read, 'hubs.polling.seconds'),
      missedHeartbeats: insideOf(read, 'hubs.heartbeats.missed'),
    },
    problems: [...found, ...hubs.problems, ...backoff.problems, ...rates.problems],
  };
}

/** One number as it counts, in its unit. */
export function decodeNumber(
  name: NumberSettingName,
  value: unknown,
): { readonly value: number; readonly problems: readonly SettingProblem[] } {
  const { default: used, unit, minimum, maximum, isWhole } = NUMBER_SETTINGS[name];
  if (value === undefined) {
    return { value: used, problems: [] };
  }
  if (
    typeof value === 'number' &&
    value >= minimum &&
    value <= maximum &&
    (!isWhole || Number.isInteger(value))
  ) {
    return { value, problems: [] };
  }
  const expected = { type: 'number', unit, minimum, maximum, isWhole } as const;
  return { value: used, problems: [{ name, value, expected, used }] };
}

/** One choice as it counts. */
export function decodeChoice<N extends ChoiceSettingName>(
  name: N,
  value: unknown,
): {
  readonly value: (typeof CHOICE_SETTINGS)[N]['choices'][number];
  readonly problems: readonly SettingProblem[];
} {
  const { choices, default: used }: (typeof CHOICE_SETTINGS)[N] = CHOICE_SETTINGS[name];
  const choice = choices.find((each) => each === value);
  if (choice !== undefined || value === undefined) {
    return { value: choice ?? used, problems: [] };
  }
  return { value: used, problems: [{ name, value, expected: { type: 'choice', choices }, used }] };
}

/** A hub that can be connected to. */
export interface HubAddress {
  readonly url: string;
  /** As it is shown. */
  readonly label: string;
}

/** The hubs as they count: those whose address can be used, each once. */
export function decodeHubs(value: unknown): {
  readonly value: readonly HubAddress[];
  readonly problems: readonly SettingProblem[];
} {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const found = new Map<string, HubAddress>();
  let wrong = 0;
  for (const entry of entries) {
    const parsed = typeof entry === 'string' ? parseHubUrl(entry) : undefined;
    if (parsed?.ok === true) {
      found.set(parsed.url, { url: parsed.url, label: parsed.label });
    } else {
      wrong += 1;
    }
  }
  const isWrong = wrong > 0 || (value !== undefined && !Array.isArray(value));
  // What is wrong may hold a password: it is not repeated.
  const shown = wrong > 0 ? `${wrong} of its ${entries.length} entries` : typeof value;
  return {
    value: [...found.values()],
    problems: isWrong ? [{ name: 'hubs', value: shown, expected: { type: 'hubUrls' } }] : [],
  };
}

interface BackoffTimes {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly problems: readonly SettingProblem[];
}

/** The longest wait is no shorter than the first one; a default gives way to what was set. */
function decodeBackoff(read: ReadSetting): BackoffTimes {
  const first = decodeNumber(FIRST_WAIT, read(FIRST_WAIT)).value;
  const max = decodeNumber(MAX_WAIT, read(MAX_WAIT)).value;
  const isMaxSet = max !== NUMBER_SETTINGS[MAX_WAIT].default;
  const used = isMaxSet ? Math.min(first, max) : first;
  const problems: SettingProblem[] =
    used < first && first !== NUMBER_SETTINGS[FIRST_WAIT].default
      ? [{ name: FIRST_WAIT, value: first, expected: { type: 'atMost', bound: max, other: MAX_WAIT }, used }]
      : [];
  return {
    firstMs: insideValue(FIRST_WAIT, used),
    maxMs: insideValue(MAX_WAIT, Math.max(used, max)),
    problems,
  };
}

interface Rates {
  readonly min: number;
  readonly initial: number;
  readonly max: number;
  readonly problems: readonly SettingProblem[];
}

/**
 * The rate to start with lies between the bounds. Who sets one of the three has not thought of the other two: a default
 * that stands in the way is no mistake of theirs, and gives way where it can.
 */
function decodeRates(read: ReadSetting): Rates {
  const problems: SettingProblem[] = [];
  let min = decodeNumber(MIN, read(MIN)).value;
  let max = decodeNumber(MAX, read(MAX)).value;
  if (min > max) {
    if (min !== NUMBER_SETTINGS[MIN].default) {
      const expected = { type: 'atMost', bound: max, other: MAX } as const;
      problems.push({ name: MIN, value: min, expected, used: NUMBER_SETTINGS[MIN].default });
    }
    if (max !== NUMBER_SETTINGS[MAX].default) {
      const expected = { type: 'atLeast', bound: min, other: MIN } as const;
      problems.push({ name: MAX, value: max, expected, used: NUMBER_SETTINGS[MAX].default });
    }
    min = NUMBER_SETTINGS[MIN].default;
    max = NUMBER_SETTINGS[MAX].default;
  }
  const wanted = decodeNumber(INITIAL, read(INITIAL)).value;
  const used = Math.min(Math.max(NUMBER_SETTINGS[INITIAL].default, min), max);
  if (wanted >= min && wanted <= max) {
    return { min, initial: wanted, max, problems };
  }
  if (wanted !== NUMBER_SETTINGS[INITIAL].default) {
    const expected =
      wanted < min
        ? ({ type: 'atLeast', bound: min, other: MIN } as const)
        : ({ type: 'atMost', bound: max, other: MAX } as const);
    problems.push({ name: INITIAL, value: wanted, expected, used });
  }
  return { min, initial: used, max, problems };
}

function insideOf(read: ReadSetting, name: NumberSettingName): number {
  return insideValue(name, decodeNumber(name, read(name)).value);
}

function hubSettings(read: ReadSetting, rates: Rates): HubSettings {
  const inside = (name: NumberSettingName): number => insideOf(read, name);
  return {
    flow: {
      minRate: rates.min,
      maxRate: rates.max,
      initialRate: rates.initial,
      queuedEvents: inside('realtime.queue.events'),
      queuedBytes: inside('realtime.queue.megabytes'),
    },
    replayedEvents: inside('realtime.replay.events'),
    metrics: {
      keptMs: inside('metrics.kept.minutes'),
      keptPoints: inside('metrics.kept.points'),
      budgetBytes: inside('metrics.kept.megabytes'),
      sampleMs: inside('metrics.sample.seconds'),
    },
    logs: {
      keptMs: inside('logs.kept.minutes'),
      keptBytes: inside('logs.kept.megabytes'),
      totalBytes: inside('logs.total.megabytes'),
      diskBytes: inside('logs.disk.megabytes'),
      maxStreams: inside('logs.followed'),
    },
    alerts: {
      cpuPercent: decodeNumber('alerts.cpu.percent', read('alerts.cpu.percent')).value,
      memoryPercent: decodeNumber('alerts.memory.percent', read('alerts.memory.percent')).value,
      discoveryAgeMs: inside('alerts.discovery.minutes'),
      keptMs: inside('alerts.kept.hours'),
    },
    views: {
      logMs: inside('retention.logs.minutes'),
      metricMs: inside('retention.metrics.minutes'),
      eventMs: inside('retention.events.minutes'),
      alertMs: inside('retention.alerts.hours'),
      logLines: inside('retention.logs.lines'),
      metricPoints: inside('retention.metrics.points'),
      events: inside('retention.events.count'),
      alerts: inside('retention.alerts.count'),
    },
  };
}

function namesOf<N extends string>(table: Readonly<Record<N, unknown>>): N[] {
  return Object.keys(table).filter((name): name is N => Object.hasOwn(table, name));
}
