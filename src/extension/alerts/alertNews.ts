import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Hub } from '../../hub/hub';
import { compareSeverity, type Alert, type Severity } from '../../protocol/alert';
import type { HubEvent } from '../../protocol/hubEvent';

export interface AlertNewsOptions {
  readonly hub: Pick<Hub, 'alerts' | 'subscribe'>;
  readonly clock: Clock;
  /** By the settings as they are now. */
  readonly isWanted: (severity: Severity) => boolean;
  /** Tells the user of alerts that last, at least one, the worst first. */
  readonly tell: (alerts: readonly Alert[]) => void;
}

/** Trouble comes in company: a node that is lost takes add-ons with it. */
const GATHER_MS = 3_000;
/** A notification that comes more often is only closed. */
const PAUSE_MS = 30_000;
/** What comes back within this time was told already. */
const REPEAT_MS = 600_000;
/** Of what was told; the oldest may then be told again. */
const MAX_REMEMBERED = 2_000;

interface Told {
  /** In monotonic milliseconds. */
  readonly atMs: number;
  readonly raisedAt: number;
}

type Key = Extract<HubEvent, { type: 'alert.raised' }>['data'];

/**
 * Picks what is worth a notification: alerts that began while somebody could see so, never what a first list found or what
 * is told again to a late subscriber. What comes within a few seconds is told together, at most once in half a minute, and
 * what ended by then is not told at all. An alert is told again only when it became worse, or began anew ten minutes
 * after it was told.
 */
export class AlertNews implements Disposable {
  readonly #options: AlertNewsOptions;
  readonly #listening: Disposable;
  readonly #waiting = new Map<string, Key>();
  /** The oldest first. */
  readonly #told = new Map<string, Told>();
  #lastToldMs = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;

  constructor(options: AlertNewsOptions) {
    this.#options = options;
    this.#listening = options.hub.subscribe(['alert.*.*'], (event) => {
      if (event.type === 'alert.raised' && event.replayed !== true) {
        this.#onRaised(event.data);
      } else if (event.type === 'alert.resolved') {
        this.#waiting.delete(waitingId(event.data));
      }
    });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #onRaised(key: Key): void {
    const { hub, clock, isWanted } = this.#options;
    const lasting = hub.alerts.lasting(key);
    if (!isWanted(key.severity) || lasting?.isNews !== true || this.#wasTold(lasting.alert)) {
      return;
    }
    this.#waiting.set(waitingId(key), key);
    const pauseMs = this.#lastToldMs + PAUSE_MS - clock.monotonic();
    this.#timer ??= clock.schedule(Math.max(GATHER_MS, pauseMs), () => this.#tell());
  }

  #tell(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { hub, clock, isWanted, tell } = this.#options;
    const alerts: Alert[] = [];
    for (const key of this.#waiting.values()) {
      const alert = hub.alerts.lasting(key)?.alert;
      if (alert !== undefined && isWanted(alert.severity)) {
        alerts.push(alert);
        this.#remember(alert);
      }
    }
    this.#waiting.clear();
    if (alerts.length > 0) {
      this.#lastToldMs = clock.monotonic();
      tell(alerts.toSorted((a, b) => compareSeverity(a.severity, b.severity)));
    }
  }

  /** Also of one that ended for a moment and goes on. */
  #wasTold(alert: Alert): boolean {
    const told = this.#told.get(toldId(alert));
    return (
      told !== undefined &&
      (told.raisedAt === alert.raisedAt || this.#options.clock.monotonic() - told.atMs < REPEAT_MS)
    );
  }

  #remember(alert: Alert): void {
    const id = toldId(alert);
    this.#told.delete(id);
    this.#told.set(id, { atMs: this.#options.clock.monotonic(), raisedAt: alert.raisedAt });
    if (this.#told.size > MAX_REMEMBERED) {
      const [oldest = id] = this.#told.keys();
      this.#told.delete(oldest);
    }
  }
}

/** A fingerprint names the source too, but only by a hash. */
function waitingId({ source, fingerprint }: Key): string {
  return `${fingerprint} ${source}`;
}

/** What became worse is another thing to tell. */
function toldId(key: Key): string {
  return `${key.severity} ${waitingId(key)}`;
}
