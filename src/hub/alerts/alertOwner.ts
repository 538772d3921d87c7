import type { Disposable } from '../../base/disposable';
import type { Alert } from '../../protocol/alert';
import type { Source } from '../source';
import { AlertTally, NO_ALERTS, type AlertCounts } from './alertCounts';
import type { Due } from './dueTimes';

/** An alert that lasts. */
export interface LastingAlert {
  readonly alert: Alert;
  /** Whether it began while somebody could have seen so, and is not merely what a first list or a setting found. */
  readonly isNews: boolean;
  readonly isGroup: boolean;
  /** Of `discoveryOld`: since when its value grows, in wall milliseconds. */
  readonly growsSince: number | undefined;
}

/** An alert that ended. */
export interface EndedAlert {
  readonly alert: Alert;
  /** As while it lasted. */
  readonly isNews: boolean;
  readonly owner: AlertOwner;
  /** In monotonic milliseconds. */
  readonly endedMs: number;
}

/** What alerts are about: one persona, or without a name the source as a whole. */
export class AlertOwner implements Due {
  readonly source: SourceAlerts;
  readonly name: string | undefined;
  /** By fingerprint. */
  lasting: ReadonlyMap<string, LastingAlert> = NONE_LASTING;
  /** By fingerprint; made when first needed, since most never have any. */
  ended: Map<string, EndedAlert> | undefined;
  /** Whether the source has it, as far as it told. */
  isHeld = false;
  dueAt = 0;
  place: number | undefined;

  constructor(source: SourceAlerts, name: string | undefined) {
    this.source = source;
    this.name = name;
  }

  /** There are some thirty at most. */
  get counts(): AlertCounts {
    if (this.lasting.size === 0) {
      return NO_ALERTS;
    }
    const tally = new AlertTally();
    for (const { alert } of this.lasting.values()) {
      tally.add(alert.severity, 1);
    }
    return tally;
  }

  get hasAlerts(): boolean {
    return this.lasting.size > 0 || (this.ended?.size ?? 0) > 0;
  }
}

export const NONE_LASTING: ReadonlyMap<string, LastingAlert> = new Map();

/** What the alert book has of one source. */
export class SourceAlerts {
  readonly source: Source;
  /** The source as a whole. */
  readonly whole: AlertOwner = new AlertOwner(this, undefined);
  readonly personas = new Map<string, AlertOwner>();
  /** Those of all the above that have any, lasting or ended. */
  readonly owners = new Set<AlertOwner>();
  /** Their discovery became old while nobody could know whether there was another one. */
  readonly parked = new Set<AlertOwner>();
  readonly tally = new AlertTally();
  /** In monotonic milliseconds; undefined while it is not live. */
  liveSinceMs: number | undefined;
  /** Until it counts as stale. */
  grace: Disposable | undefined;

  constructor(source: Source) {
    this.source = source;
  }

  owner(name: string | undefined): AlertOwner | undefined {
    return name === undefined ? this.whole : this.personas.get(name);
  }

  endGrace(): void {
    this.grace?.dispose();
    this.grace = undefined;
  }
}
