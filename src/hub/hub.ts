import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import { fnv1a } from '../base/fnv1a';
import { unknownLoad, type LoadMeter } from '../base/loadMeter';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { HubEvent } from '../protocol/hubEvent';
import { ProblemError } from '../protocol/problem';
import type { RequestParams, RequestResult } from '../protocol/requests';
import type { SourceStatus } from '../protocol/sourceState';
import type { SummaryRow } from '../protocol/summaryRow';
import {
  addonTopic,
  awayTopic,
  clusterTopic,
  connectionTopic,
  encodeSegment,
  metricTopic,
  nodeTopic,
} from '../protocol/topics';
import { RelistPacer } from '../informer/relistPacer';
import { AlertBook } from './alerts/alertBook';
import { caughtUp } from './caughtUp';
import { ChangeIndex } from './changeIndex';
import { fitsFilter } from './rowFilter';
import { ComponentHealthBook } from './componentHealthBook';
import { FlowRegistry } from './flow/flowRegistry';
import { FrameMaker } from './frameCursors';
import { LeasedLooks } from './leasedLooks';
import { objectsPage } from './objectsPage';
import { EventLog, sourceOf, type HubPosition, type Presence, type ToldUpTo } from './eventLog';
import { fixedSettings, type HubSettings, type SettingsSource } from './hubSettings';
import { HubMetrics } from './metrics/hubMetrics';
import { HubLogs, type HubLogPorts } from './logs/hubLogs';
import type { PersonaObserver } from './personaObserver';
import { SharedReads } from './relay/sharedReads';
import type { Replay, ReplayQuery } from './router/eventRing';
import { EventRouter, type RouteOptions } from './router/eventRouter';
import { topicFilter, type TopicFilter } from '../protocol/topicFilter';
import { Source, type PersonaChange, type SourceDefinition } from './source';

export interface HubOptions extends HubLogPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** By default the defaults, for ever. */
  readonly settings?: SettingsSource<HubSettings>;
  /** What the process has on its hands; by default nobody knows. */
  readonly loadMeter?: LoadMeter;
}

/** Proof of life renews the data's age; telling it more often than this would show nobody anything. */
const PROOF_NOTICE_MS = 1_000;

/** An event as its maker knows it; the hub stamps it. */
export type EventDraft = HubEvent extends infer E
  ? E extends HubEvent
    ? Omit<E, 'cursor' | 'at' | 'replayed'>
    : never
  : never;

interface SourceEntry {
  readonly source: Source;
  readonly owned: DisposableStore;
  proofNotice: Disposable | undefined;
}

/**
 * Knows every source, answers what they hold, and tells what changed: notifications only, each after the change took
 * effect, in the order of the changes of one source. Tree, panels and clients all ask here.
 */
export class Hub implements Disposable {
  readonly settings: SettingsSource<HubSettings>;
  readonly alerts: AlertBook;
  readonly metrics: HubMetrics;
  readonly components: ComponentHealthBook;
  readonly logs: HubLogs;
  readonly sharedReads: SharedReads;
  /** Who is served, and how fast. */
  readonly flows: FlowRegistry;
  readonly frames = new FrameMaker(this);
  readonly #options: HubOptions;
  readonly #sources = new Map<string, SourceEntry>();
  /** Made when first asked for. */
  #fleet: string | undefined;
  readonly #events: EventRouter<HubEvent>;
  readonly #sourcesChanged: Emitter<void>;
  readonly #sourceRetried: Emitter<string>;
  readonly #changes: ChangeIndex;
  readonly #log: EventLog;
  readonly #relists: RelistPacer;
  readonly #looks: LeasedLooks;
  readonly #observers: PersonaObserver[] = [];
  readonly #settingsChanged: Disposable;

  constructor(options: HubOptions) {
    this.#options = options;
    this.settings = options.settings ?? fixedSettings();
    this.sharedReads = new SharedReads(options.clock);
    this.flows = new FlowRegistry(options.clock, options.loadMeter ?? unknownLoad);
    const onListenerError = (error: unknown): void => options.logger.error('A subscriber failed', error);
    this.#events = new EventRouter(onListenerError);
    this.#sourcesChanged = new Emitter(onListenerError);
    this.#sourceRetried = new Emitter(onListenerError);
    const instance = Math.floor(options.random.next() * 36 ** 8).toString(36);
    this.#changes = new ChangeIndex(instance);
    this.#log = new EventLog({
      instance,
      changes: this.#changes,
      presenceOf: ({ source, name }) => this.#presenceOf(source, name),
      now: () => options.clock.now(),
      capacity: this.settings.current.replayedEvents,
    });
    this.#settingsChanged = this.settings.onChanged(({ replayedEvents }) =>
      this.#log.setCapacity(replayedEvents),
    );
    this.#relists = new RelistPacer(options.clock);
    const { clock, logger } = options;
    const publish = (event: EventDraft): void => this.publish(event);
    this.alerts = new AlertBook({ clock, logger, settings: this.settings, publish });
    this.addObserver(this.alerts);
    this.metrics = new HubMetrics({
      ...options,
      settings: this.settings,
      source: (id) => this.source(id),
      isWanted: (source) => this.#isHeard('metric', source),
      onAppended: (key, range) =>
        this.publish({
          type: 'metric.appended',
          topic: metricTopic(key),
          data: { ...key, ...range },
          priority: 'low',
        }),
    });
    this.logs = new HubLogs(clock, this.settings, options);
    this.#looks = new LeasedLooks(clock);
    this.components = new ComponentHealthBook({
      clock: options.clock,
      isWanted: (kind, source) => this.#isHeard(kind, source),
      onChanged: (data) =>
        this.publish({
          type: 'component.changed',
          topic: (data.kind === 'node' ? nodeTopic : addonTopic)(data.source, data.name, data.component),
          data,
          priority: 'normal',
        }),
    });
    this.addObserver(this.metrics);
    this.addObserver(this.components);
  }

  /** Every event, in order. */
  readonly onEvent: Event<HubEvent> = (listener) => this.#events.subscribe(['**'], listener);

  /** See {@link EventRouter}: `handler` is told of each event whose topic a pattern stands for. */
  subscribe(
    patterns: readonly string[],
    handler: (event: HubEvent) => void,
    options?: RouteOptions<HubEvent>,
  ): Disposable {
    return this.#events.subscribe(patterns, handler, options);
  }

  /** The last events once more, for somebody who came late; see {@link EventRing}. Each is marked as `replayed`. */
  replay(patterns: readonly string[], query: Omit<ReplayQuery, 'topics'> = {}): Replay<HubEvent> {
    return this.#log.replay({ ...query, topics: topicFilter(patterns) });
  }

  /** Which hub this is, among all there ever were. */
  get instance(): string {
    return this.#log.instance;
  }

  /** Of the last event. */
  get position(): HubPosition {
    return this.#log.position;
  }

  /**
   * Of this moment, for somebody who was told everything of `source`, or else of all that is of none. With `at` of an earlier
   * one, which other hubs know nothing of.
   */
  cursor(source?: string, at?: HubPosition): string {
    const { position } = (source === undefined ? undefined : this.source(source)) ?? {};
    const state =
      at === undefined && position !== undefined ? { state: position, fleet: this.fleet } : undefined;
    return this.#log.cursor(source, state, at);
  }

  /** Stands for the sources that there are: hubs that have the same say the same. */
  get fleet(): string {
    this.#fleet ??= fnv1a([...this.#sources.keys()].toSorted().map(encodeSegment).join('.'));
    return this.#fleet;
  }

  /** See {@link EventLog.missed}. */
  missed(upTo: ToldUpTo, topics: TopicFilter): readonly HubEvent[] | undefined {
    return this.#log.missed(upTo, topics);
  }

  /**
   * That these personas of a source may have changed, and its connection with them. All of it has the `cursor` that is
   * resumed from: whoever was told only a part will come with that again.
   */
  retold(source: string, names: readonly string[], cursor: string, topics: TopicFilter): HubEvent[] {
    const events: HubEvent[] = [
      { ...this.stateNotice(source, cursor), replayed: true },
      ...names.map((name) => this.#log.persona({ source, name }, cursor)),
    ];
    return events.filter(({ topic }) => topics.matches(topic));
  }

  /** That the state of a source may be another one, for somebody to whom it is. Nothing can be resumed from it without a cursor. */
  stateNotice(source: string, cursor = ''): HubEvent {
    return { ...this.#stateEvent(source), cursor, at: this.#options.clock.now() };
  }

  /** A source was added or removed. */
  get onSourcesChanged() {
    return this.#sourcesChanged.event;
  }

  /** See `Source.onRetried`; tells the source's id. */
  get onSourceRetried() {
    return this.#sourceRetried.event;
  }

  /** Has `observer` told of every change from now on. */
  addObserver(observer: PersonaObserver): void {
    this.#observers.push(observer);
  }

  /** Tells everybody who listens. What it is about must have taken effect. */
  publish(draft: EventDraft): void {
    this.#log.next();
    const event = { ...draft, cursor: this.cursor(sourceOf(draft)), at: this.#options.clock.now() };
    this.#log.append(event);
    this.#events.publish(event);
  }

  /** Adds a source without connecting it. A source with the same id must have been removed before. */
  addSource(definition: SourceDefinition): Source {
    if (this.#sources.has(definition.id)) {
      throw new Error(`The source ${definition.id} is there already`);
    }
    const source = new Source(definition, {
      ...this.#options,
      relists: this.#relists,
      epoch: `hub ${this.instance}`,
    });
    const entry: SourceEntry = { source, owned: new DisposableStore(), proofNotice: undefined };
    entry.owned.add(source);
    entry.owned.add(source.onPersonaChanged((change) => this.#onPersonaChanged(source, change)));
    entry.owned.add(
      source.onStateChanged(() => {
        for (const observer of this.#observers) {
          observer.stateChanged(source);
        }
        this.#publishState(source.id);
      }),
    );
    entry.owned.add(source.onProof(() => this.#onProof(entry)));
    entry.owned.add(source.onAwayChanged((name) => this.#publishAway(source.id, name)));
    entry.owned.add(source.onRetried(() => this.#sourceRetried.fire(source.id)));
    entry.owned.add({ dispose: () => entry.proofNotice?.dispose() });
    this.#sources.set(definition.id, entry);
    this.#fleet = undefined;
    this.#sourcesChanged.fire();
    return source;
  }

  /** Disconnects a source and forgets it. */
  removeSource(id: string): void {
    const entry = this.#sources.get(id);
    if (entry === undefined) {
      return;
    }
    this.disconnect(id);
    this.#sources.delete(id);
    this.#fleet = undefined;
    entry.owned.dispose();
    this.#looks.end(entry.source);
    for (const observer of this.#observers) {
      observer.sourceRemoved(entry.source);
    }
    this.#publishState(id);
    this.#sourcesChanged.fire();
  }

  /** Stops following a source; its personas leave every list, and whoever shows one is told to ask again. */
  disconnect(id: string): void {
    this.source(id)?.disconnect();
  }

  source(id: string): Source | undefined {
    return this.#sources.get(id)?.source;
  }

  /**
   * Like {@link source}, for what is in it: throws `closed` where there is no such source. It may come back, and whether
   * it holds something cannot be told meanwhile.
   */
  requireSource(id: string): Source {
    const source = this.source(id);
    if (source === undefined) {
      throw new ProblemError({ code: 'closed', detail: `no source ${id}` });
    }
    return source;
  }

  /** Throws `notFound` where there is no such source. */
  status(id: string): SourceStatus {
    const source = this.source(id);
    if (source === undefined) {
      throw new ProblemError({ code: 'notFound', detail: `no source ${id}` });
    }
    return source.status();
  }

  /** In the order in which they were added. */
  sources(): Source[] {
    return [...this.#sources.values()].map(({ source }) => source);
  }

  statuses(): SourceStatus[] {
    return this.sources().map((source) => source.status());
  }

  /** Of the sources that are asked for, those for which `sees` is true. */
  listClusters(
    params: RequestParams<'clusters.list'>,
    sees: (source: string) => boolean = () => true,
  ): RequestResult<'clusters.list'> {
    const asked = params.source === undefined ? undefined : new Set([params.source].flat());
    const isAsked = (source: string): boolean => asked?.has(source) !== false && sees(source);
    const { filter = {} } = params;
    const { version } = this.#changes;
    const changes = params.since === undefined ? { reset: true as const } : this.#changes.since(params.since);
    if (changes.reset) {
      const rows = this.sources()
        .filter((source) => isAsked(source.id))
        .flatMap((source) => [...source.rows()].filter((row) => fitsFilter(row, filter)));
      return { rows, removed: [], version, reset: true };
    }
    const rows = changes.changed
      .filter(({ source }) => isAsked(source))
      .map(({ source, name }) => this.source(source)?.row(name))
      .filter((row): row is SummaryRow => row !== undefined);
    const left = rows.filter((row) => !fitsFilter(row, filter)).map(({ source, name }) => ({ source, name }));
    const removed = [...changes.removed.filter(({ source }) => isAsked(source)), ...left];
    return { rows: rows.filter((row) => fitsFilter(row, filter)), removed, version, reset: false };
  }

  /** See {@link caughtUp}. */
  caughtUp(cursor: string): Promise<void> {
    return caughtUp(this, this.#options.clock, cursor);
  }

  /** Throws `notFound` where there is no such source. */
  listObjects(params: RequestParams<'clusters.objects'>): RequestResult<'clusters.objects'> {
    const source = this.source(params.source);
    if (source === undefined) {
      throw new ProblemError({ code: 'notFound', detail: `no source ${params.source}` });
    }
    if (params.isLooking === true) {
      this.#looks.renew(source);
    }
    return { ...objectsPage(source, this.#changes, params), now: this.#options.clock.now() };
  }

  listComponents({ source, name }: RequestParams<'components.list'>): RequestResult<'components.list'> {
    const owner = this.requireSource(source);
    const components = this.components.list(source, name);
    if (components === undefined) {
      throw notHeld(owner, name);
    }
    return { components };
  }

  getCluster({ source, name }: RequestParams<'clusters.get'>): RequestResult<'clusters.get'> {
    const owner = this.requireSource(source);
    const object = owner.object(name);
    if (object === undefined) {
      throw notHeld(owner, name);
    }
    return { object: { ...object, metadata: { ...object.metadata } }, version: this.#changes.version };
  }

  dispose(): void {
    for (const { owned } of this.#sources.values()) {
      owned.dispose();
    }
    this.#sources.clear();
    this.#looks.dispose();
    this.alerts.dispose();
    this.metrics.dispose();
    this.components.dispose();
    this.flows.dispose();
    this.logs.dispose();
    this.#settingsChanged.dispose();
    this.#events.dispose();
    this.#sourcesChanged.dispose();
    this.#sourceRetried.dispose();
  }

  #onPersonaChanged(source: Source, change: PersonaChange): void {
    const { type, name } = change;
    const data = { source: source.id, name };
    if (type === 'deleted' || type === 'forgotten') {
      this.#changes.removed(data);
    } else {
      this.#changes.changed(data);
    }
    const number = this.#changes.last;
    for (const observer of this.#observers) {
      observer.personaChanged(source, change);
    }
    this.#log.reaches(number);
    this.publish({
      // What is forgotten may well exist: whoever shows it has to ask, now and until there is an answer.
      type: type === 'forgotten' ? 'cluster.updated' : `cluster.${type}`,
      topic: clusterTopic(source.id, name),
      data,
      priority: 'normal',
    });
  }

  /** Of components and metrics only what somebody hears is told: with thousands of sources that is next to nothing. */
  #isHeard(kind: string, source: string): boolean {
    return this.#events.couldTell(`${kind}.${encodeSegment(source)}`);
  }

  /** At once when nothing was told for a while, else at the end of the interval: the last proof is always told. */
  #onProof(entry: SourceEntry): void {
    if (entry.proofNotice !== undefined) {
      return;
    }
    this.#publishState(entry.source.id);
    let isFresh = true;
    const renewed = entry.source.onProof(() => {
      isFresh = false;
    });
    const timer = this.#options.clock.schedule(PROOF_NOTICE_MS, () => {
      entry.proofNotice?.dispose();
      entry.proofNotice = undefined;
      if (!isFresh) {
        this.#onProof(entry);
      }
    });
    entry.proofNotice = {
      dispose: () => {
        renewed.dispose();
        timer.dispose();
      },
    };
  }

  #publishAway(source: string, name: string): void {
    this.publish({
      type: 'away.changed',
      topic: awayTopic(source, name),
      data: { source, name },
      priority: 'normal',
    });
  }

  #publishState(source: string): void {
    this.publish(this.#stateEvent(source));
  }

  #stateEvent(source: string) {
    return {
      type: 'connection.state',
      topic: connectionTopic(source),
      data: { source },
      priority: 'high',
    } as const;
  }

  #presenceOf(id: string, name: string): Presence {
    const source = this.source(id);
    if (source?.object(name) !== undefined) {
      return 'there';
    }
    return source?.hasBeenRead === true ? 'gone' : 'unknown';
  }
}

function notHeld(owner: Source, name: string): ProblemError {
  // Without a finished list nobody knows whether it exists.
  const isKnown = owner.hasBeenRead;
  return new ProblemError({
    code: isKnown ? 'notFound' : 'closed',
    detail: isKnown ? `${name} is gone` : `${owner.definition.label} has not been read`,
  });
}
