import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import { TimeSlice } from '../../informer/timeSlice';
import { discoveredAt, heldAlerts, type AlertThresholds } from '../../persona/alertRules';
import type { Alert, Severity } from '../../protocol/alert';
import type { RequestParams, RequestResult } from '../../protocol/requests';
import { alertTopic } from '../../protocol/topics';
import type { HubSettings, SettingsSource } from '../hubSettings';
import type { PersonaObserver } from '../personaObserver';
import type { PersonaChange, Source } from '../source';
import { AlertTally, NO_ALERTS, type AlertCounts } from './alertCounts';
import { alertDifference, type FoundAlert } from './alertDifference';
import { countAlerts, listAlerts } from './alertList';
import { AlertOwner, NONE_LASTING, SourceAlerts, type EndedAlert, type LastingAlert } from './alertOwner';
import { DueTimes } from './dueTimes';
import { EndedAlerts } from './endedAlerts';

/** What an alert's event says, as its maker knows it. */
export interface AlertEventDraft {
  readonly type: 'alert.raised' | 'alert.resolved';
  readonly topic: string;
  readonly data: {
    readonly source: string;
    readonly name?: string;
    readonly fingerprint: string;
    readonly severity: Severity;
  };
  readonly priority: 'critical' | 'high' | 'normal';
}

/** Of a persona the alerts are others now. Without a name that goes for all of a source, or for whether anybody knows. */
export interface AlertsChange {
  readonly source: string;
  readonly name?: string;
}

export interface AlertBookOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: SettingsSource<HubSettings>;
  readonly publish: (event: AlertEventDraft) => void;
}

/**
 * What comes back within this time went on: a kubelet that misses a lease, a connection that drops twice in a row. Longer,
 * and an alert that was mended and broke again would hide that it is the second time.
 */
const FLAP_MS = 30_000;
/** A source that is not live any more is often live again in a moment, and its state shows it all the while. */
const STALE_GRACE_MS = 10_000;
/** What a cluster kept back follows the proof that it is alive within this time. */
const CATCH_UP_MS = 2_000;
/** By the clock a discovery is old, but the last proof is from before: that is looked at again after this. */
const UNPROVEN_MS = 10_000;

/**
 * Which alerts last, and which ended lately. An alert is in effect here before its event is told.
 *
 * - An alert ends (`alert.resolved`) when its rule no longer holds of what a live source holds, or its persona is deleted.
 * - While a source is not live its alerts stay, since nobody knows better; `list` names such sources `unwatched`.
 * - What is disconnected, removed or replaced by another cluster takes its alerts with it, those that ended included, and
 *   nothing is told as resolved: whether they ended is not known. `onChanged` tells it.
 * - What comes back within half a minute is the same alert going on: it was raised when it first was.
 * - When subjects become too many to be told one by one, or few enough again, the alerts that go are part of those that
 *   come: they are not told as resolved, and those that come go on since the first of them.
 *
 * A persona's change costs as much as that persona is big, whatever else there is. Discoveries become old by themselves:
 * one timer waits for the first. They are old as of the last proof, so that none is while nobody can know of another one.
 */
export class AlertBook implements PersonaObserver, Disposable {
  readonly #options: AlertBookOptions;
  readonly #owned = new DisposableStore();
  readonly #sources = new Map<string, SourceAlerts>();
  readonly #tally = new AlertTally();
  readonly #ended = new EndedAlerts((owner) => this.#tidy(owner));
  readonly #due: DueTimes<AlertOwner>;
  readonly #changed: Emitter<AlertsChange>;
  /** To be looked at again, and whether what is found then is news. */
  readonly #pending = new Map<AlertOwner, boolean>();
  #pump: Disposable | undefined;
  #thresholds: AlertThresholds;

  constructor(options: AlertBookOptions) {
    this.#options = options;
    const { clock, logger, settings } = options;
    this.#thresholds = settings.current.alerts;
    this.#due = this.#owned.add(new DueTimes(clock, (owner) => this.#onDue(owner)));
    this.#changed = this.#owned.add(
      new Emitter((error) => logger.error('A listener of the alerts failed', error)),
    );
    this.#owned.add(settings.onChanged(({ alerts }) => this.#onThresholds(alerts)));
  }

  /** Told after the change took effect and its events were told. */
  get onChanged(): Event<AlertsChange> {
    return this.#changed.event;
  }

  /** Alerts that last: of everything, of a source with all its personas, or of one persona. */
  counts(source?: string, name?: string): AlertCounts {
    if (source === undefined) {
      return this.#tally;
    }
    const entry = this.#sources.get(source);
    return (name === undefined ? entry?.tally : entry?.personas.get(name)?.counts) ?? NO_ALERTS;
  }

  allCounts(sees: (source: string) => boolean = () => true): RequestResult<'alerts.counts'> {
    return countAlerts([...this.#sources.values()].filter((one) => sees(one.source.id)));
  }

  /** Whether what is held of a source is known to be true; also where there is no such source. */
  isWatched(source: string): boolean {
    const entry = this.#sources.get(source);
    return entry === undefined || entry.liveSinceMs !== undefined;
  }

  /** One that lasts. */
  lasting({ source, name, fingerprint }: AlertEventDraft['data']): LastingAlert | undefined {
    return this.#sources.get(source)?.owner(name)?.lasting.get(fingerprint);
  }

  /** Of the sources that are asked for, those for which `sees` is true. */
  list(
    { source, name }: RequestParams<'alerts.list'>,
    sees: (source: string) => boolean = () => true,
  ): RequestResult<'alerts.list'> {
    const { clock, settings } = this.#options;
    this.#ended.expire(settings.current.alerts.keptMs, clock.monotonic());
    const entry = source === undefined ? undefined : this.#sources.get(source);
    const asked = source === undefined ? [...this.#sources.values()] : entry === undefined ? [] : [entry];
    return listAlerts(
      asked.filter((one) => sees(one.source.id)),
      name,
      clock.now(),
    );
  }

  personaChanged(source: Source, change: PersonaChange): void {
    if (this.#owned.isDisposed) {
      return;
    }
    const entry = this.#entry(source);
    const known = entry.personas.get(change.name);
    switch (change.type) {
      case 'added':
      case 'updated': {
        const owner = known ?? new AlertOwner(entry, change.name);
        entry.personas.set(change.name, owner);
        owner.isHeld = true;
        this.#pending.delete(owner);
        this.#evaluate(owner, change.isInitial !== true);
        return;
      }
      case 'deleted':
        if (known !== undefined) {
          this.#letGo(known);
          this.#apply(known, [], true);
          this.#tidy(known);
        }
        return;
      case 'forgotten':
        if (known !== undefined) {
          this.#forget(known);
        }
        return;
      default:
        change.type satisfies never;
    }
  }

  stateChanged(source: Source): void {
    if (this.#owned.isDisposed) {
      return;
    }
    const { state, count } = source.status();
    const entry = this.#entry(source);
    const wasLive = entry.liveSinceMs !== undefined;
    switch (state.type) {
      case 'live':
        entry.endGrace();
        if (!wasLive) {
          this.#onLive(entry);
        }
        return;
      case 'idle':
        this.#forgetAll(entry);
        break;
      case 'paused':
        // Of the user's choice: there is nothing to raise an alarm about.
        entry.endGrace();
        this.#drop(entry.whole);
        break;
      case 'connecting':
      case 'syncing':
        break;
      case 'stale':
      case 'reconnecting':
      case 'unauthorized':
      case 'forbidden':
      case 'notInstalled':
      case 'failed':
        if (count > 0 && entry.whole.lasting.size === 0) {
          entry.grace ??= this.#options.clock.schedule(STALE_GRACE_MS, () => this.#onGraceOver(entry));
        }
        break;
      default:
        state satisfies never;
    }
    entry.liveSinceMs = undefined;
    if (wasLive) {
      this.#changed.fire({ source: source.id });
    }
  }

  sourceRemoved(source: Source): void {
    const entry = this.#sources.get(source.id);
    if (entry !== undefined) {
      this.#forgetAll(entry);
      this.#sources.delete(source.id);
    }
  }

  dispose(): void {
    this.#owned.dispose();
    this.#pump?.dispose();
    this.#pump = undefined;
    this.#pending.clear();
    this.#ended.clear();
    for (const entry of this.#sources.values()) {
      entry.endGrace();
    }
    this.#sources.clear();
  }

  #entry(source: Source): SourceAlerts {
    let entry = this.#sources.get(source.id);
    if (entry === undefined) {
      entry = new SourceAlerts(source);
      this.#sources.set(source.id, entry);
    }
    return entry;
  }

  #onLive(entry: SourceAlerts): void {
    const { clock } = this.#options;
    entry.liveSinceMs = clock.monotonic();
    for (const owner of entry.parked) {
      this.#due.set(owner, clock.now() + CATCH_UP_MS);
    }
    entry.parked.clear();
    this.#apply(entry.whole, [], true);
    this.#changed.fire({ source: entry.source.id });
  }

  #onGraceOver(entry: SourceAlerts): void {
    entry.endGrace();
    if (entry.source.status().count > 0) {
      this.#apply(entry.whole, [{ rule: 'sourceStale', severity: 'warning' }], true);
    }
  }

  #onDue(owner: AlertOwner): void {
    const { source } = owner;
    const { clock } = this.#options;
    if (source.liveSinceMs === undefined) {
      source.parked.add(owner);
      return;
    }
    const caughtUpInMs = source.liveSinceMs + CATCH_UP_MS - clock.monotonic();
    if (caughtUpInMs > 0) {
      this.#due.set(owner, clock.now() + caughtUpInMs);
    } else {
      this.#lookLater(owner, true);
    }
  }

  #onThresholds(next: AlertThresholds): void {
    const before = this.#thresholds;
    this.#thresholds = next;
    if (
      before.cpuPercent === next.cpuPercent &&
      before.memoryPercent === next.memoryPercent &&
      before.discoveryAgeMs === next.discoveryAgeMs
    ) {
      return;
    }
    for (const { personas } of this.#sources.values()) {
      for (const owner of personas.values()) {
        if (owner.isHeld) {
          this.#lookLater(owner, false);
        }
      }
    }
  }

  /** Many can be due at once: they are looked at in slices. */
  #lookLater(owner: AlertOwner, isNews: boolean): void {
    if (!this.#pending.has(owner)) {
      this.#pending.set(owner, isNews);
    }
    this.#pump ??= this.#options.clock.schedule(0, () => this.#lookAtPending());
  }

  #lookAtPending(): void {
    this.#pump?.dispose();
    this.#pump = undefined;
    const slice = new TimeSlice(this.#options.clock);
    for (const [owner, isNews] of this.#pending) {
      this.#pending.delete(owner);
      this.#evaluate(owner, isNews);
      if (slice.isSpent) {
        break;
      }
    }
    if (this.#pending.size > 0 && !this.#owned.isDisposed) {
      this.#pump ??= this.#options.clock.schedule(0, () => this.#lookAtPending());
    }
  }

  #evaluate(owner: AlertOwner, isNews: boolean): void {
    const { source } = owner.source;
    const persona = owner.name === undefined ? undefined : source.persona(owner.name);
    if (persona === undefined) {
      // The source is ahead of what it told: that it is gone will be told in a moment.
      return;
    }
    const now = this.#options.clock.now();
    const { asOf = now } = source.status();
    const held = heldAlerts(persona, this.#thresholds, Math.min(now, asOf));
    const discovered = discoveredAt(persona);
    const isOld = held.some(({ rule }) => rule === 'discoveryOld');
    owner.source.parked.delete(owner);
    if (discovered === undefined || isOld) {
      this.#due.delete(owner);
    } else {
      const dueAt = discovered + this.#thresholds.discoveryAgeMs + 1;
      this.#due.set(owner, dueAt > now ? dueAt : now + UNPROVEN_MS);
    }
    if (held.length > 0 || owner.lasting.size > 0) {
      this.#apply(owner, held, isNews, discovered);
    }
  }

  /** Puts what was found in place of what lasted, and tells the difference. */
  #apply(owner: AlertOwner, found: readonly FoundAlert[], isNews: boolean, growsSince?: number): void {
    if (found.length === 0 && owner.lasting.size === 0) {
      return;
    }
    const { lasting, raised, ended } = alertDifference(owner, found, {
      now: this.#options.clock.now(),
      isNews,
      growsSince,
      flapping: (fingerprint) => this.#takeFlapping(owner, fingerprint),
    });
    for (const one of ended) {
      this.#end(owner, one);
    }
    this.#put(owner, lasting);
    for (const alert of raised) {
      this.#options.publish(draftOf('alert.raised', alert));
    }
    for (const { alert } of ended) {
      this.#options.publish(draftOf('alert.resolved', alert));
    }
    if (raised.length + ended.length > 0) {
      this.#tellChanged(owner);
    }
  }

  /** It does not count as ended any more; the answer is for one that ended just now. */
  #takeFlapping(owner: AlertOwner, fingerprint: string): EndedAlert | undefined {
    const ended = this.#ended.take(owner, fingerprint);
    return ended !== undefined && this.#options.clock.monotonic() - ended.endedMs <= FLAP_MS
      ? ended
      : undefined;
  }

  #end(owner: AlertOwner, { alert, isNews }: LastingAlert): void {
    const { clock, settings } = this.#options;
    const endedMs = clock.monotonic();
    this.#ended.expire(settings.current.alerts.keptMs, endedMs);
    this.#ended.add({ alert: { ...alert, resolvedAt: clock.now() }, isNews, owner, endedMs });
  }

  #put(owner: AlertOwner, lasting: ReadonlyMap<string, LastingAlert>): void {
    for (const [counted, by] of [
      [owner.lasting, -1],
      [lasting, 1],
    ] as const) {
      for (const { alert } of counted.values()) {
        owner.source.tally.add(alert.severity, by);
        this.#tally.add(alert.severity, by);
      }
    }
    owner.lasting = lasting.size === 0 ? NONE_LASTING : lasting;
    this.#tidy(owner);
  }

  /** Keeps the lists of who has alerts, and who is held, as short as they can be. */
  #tidy(owner: AlertOwner): void {
    const { source, name } = owner;
    if (owner.hasAlerts) {
      source.owners.add(owner);
      return;
    }
    source.owners.delete(owner);
    if (!owner.isHeld && name !== undefined && source.personas.get(name) === owner) {
      source.personas.delete(name);
    }
  }

  /** It is not held any more: there is nothing to look at again. */
  #letGo(owner: AlertOwner): void {
    owner.isHeld = false;
    owner.source.parked.delete(owner);
    this.#pending.delete(owner);
    this.#due.delete(owner);
  }

  /** Whether its alerts ended is not known, and not told. */
  #drop(owner: AlertOwner): void {
    if (owner.lasting.size > 0) {
      this.#put(owner, NONE_LASTING);
      this.#tellChanged(owner);
    }
  }

  #forget(owner: AlertOwner): void {
    this.#letGo(owner);
    this.#ended.forget(owner);
    this.#drop(owner);
    this.#tidy(owner);
  }

  #forgetAll(entry: SourceAlerts): void {
    entry.endGrace();
    this.#forget(entry.whole);
    for (const owner of entry.personas.values()) {
      this.#forget(owner);
    }
  }

  #tellChanged({ source, name }: AlertOwner): void {
    const { id } = source.source;
    this.#changed.fire(name === undefined ? { source: id } : { source: id, name });
  }
}

function draftOf(type: AlertEventDraft['type'], alert: Alert): AlertEventDraft {
  const { source, name, fingerprint, severity } = alert;
  return {
    type,
    topic: alertTopic(source, fingerprint),
    data: { source, ...(name === undefined ? {} : { name }), fingerprint, severity },
    priority: severity === 'critical' ? 'critical' : severity === 'warning' ? 'high' : 'normal',
  };
}
