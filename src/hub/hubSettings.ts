import type { Event } from '../base/emitter';
import type { AlertThresholds } from '../persona/alertRules';
import { DEFAULT_REALTIME_LIMITS, type RealtimeLimits } from '../protocol/realtimeLimits';

/** How fast one subscriber is sent to, and how much may wait for it. */
export interface FlowSettings {
  /** Frames a second: the bounds, and what a new subscriber starts with. */
  readonly minRate: number;
  readonly maxRate: number;
  readonly initialRate: number;
  /** Of streams; state has as much as there are topics. */
  readonly queuedEvents: number;
  readonly queuedBytes: number;
}

/** What the hub keeps of figures, over all sources within one budget. */
export interface MetricSettings {
  readonly keptMs: number;
  readonly keptPoints: number;
  readonly budgetBytes: number;
  /** How often `metrics.k8s.io` is asked while somebody looks. */
  readonly sampleMs: number;
}

/** What the hub holds of logs, and how many it follows. */
interface LogSettings {
  /** How long lines are kept; the newest of each log stay however old they are. */
  readonly keptMs: number;
  /** Of one container's log. */
  readonly keptBytes: number;
  /** Of all logs together. */
  readonly totalBytes: number;
  /** Of all logs together, what may be on a disk of what has left memory; 0: nothing. */
  readonly diskBytes: number;
  /** Containers whose logs one view follows at once. */
  readonly maxStreams: number;
}

/** When an alert is raised. */
export interface AlertSettings extends AlertThresholds {
  /** How long alerts that ended are kept. */
  readonly keptMs: number;
}

export interface HubSettings {
  readonly flow: FlowSettings;
  /** Events that a late subscriber can be told again. */
  readonly replayedEvents: number;
  readonly metrics: MetricSettings;
  readonly logs: LogSettings;
  readonly alerts: AlertSettings;
  readonly views: RealtimeLimits;
}

/** The settings as they are now; a change is in effect when it is told. */
export interface SettingsSource<T> {
  readonly current: T;
  readonly onChanged: Event<T>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_HUB_SETTINGS: HubSettings = {
  flow: {
    minRate: 50,
    maxRate: 200,
    initialRate: 100,
    queuedEvents: 10_000,
    queuedBytes: 8 * 1024 * 1024,
  },
  replayedEvents: 1_000,
  metrics: {
    keptMs: HOUR_MS,
    keptPoints: 720,
    budgetBytes: 32 * 1024 * 1024,
    sampleMs: 15_000,
  },
  logs: {
    keptMs: 5 * MINUTE_MS,
    keptBytes: 64 * 1024 * 1024,
    totalBytes: 256 * 1024 * 1024,
    diskBytes: 0,
    maxStreams: 100,
  },
  alerts: {
    cpuPercent: 90,
    memoryPercent: 90,
    // The operator looks every 5 minutes: six times in a row it did not.
    discoveryAgeMs: 30 * MINUTE_MS,
    keptMs: 24 * HOUR_MS,
  },
  views: DEFAULT_REALTIME_LIMITS,
};

/** Settings that never change. */
export function fixedSettings(current: HubSettings = DEFAULT_HUB_SETTINGS): SettingsSource<HubSettings> {
  return { current, onChanged: () => ({ dispose: () => undefined }) };
}
