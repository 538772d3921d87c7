import { listPods } from '../kube/listPods';
import type { HubEvent } from '../protocol/hubEvent';
import { isProblemError } from '../protocol/problem';
import type { RequestParams, RequestResult } from '../protocol/requests';
import type { SourceStatus } from '../protocol/sourceState';
import { sourceOf } from './eventLog';
import {
  logsOf,
  logViewAccess,
  METRIC_ACCESS,
  PERSONA_ACCESS,
  type AccessRefusal,
  type Guest,
} from './guest';
import type { Hub } from './hub';
import type { Source } from './source';

/** Stands between what the hub made and the sight of the guest whom it was made for. */
const SIGHT_MARK = '~';

/**
 * The hub as one guest may know it: the one place where rights are enforced, whatever face asks. A source that the guest may not
 * see is there, and is `forbidden`: as a context of a kubeconfig is, whose cluster refuses. Whatever is asked of it rejects with
 * `forbidden`, and no event of it is told. While nobody can say what the guest may, nothing is told either.
 */
export class GuestHub {
  readonly hub: Hub;
  readonly guest: Guest;

  constructor(hub: Hub, guest: Guest) {
    this.hub = hub;
    this.guest = guest;
  }

  /** See {@link Guest.sight}. */
  get sight(): string {
    return this.guest.sight;
  }

  /** Whether the guest may be told of an event. */
  hears(event: HubEvent): boolean {
    const source = sourceOf(event);
    const access = event.type === 'metric.appended' ? METRIC_ACCESS : PERSONA_ACCESS;
    return source === undefined || this.guest.refusal(source, access) === undefined;
  }

  /** A cursor of the hub as the guest is given it: it says too which sources were told of. */
  cursorFor(cursor: string): string {
    return cursor === '' ? cursor : this.#marked(cursor);
  }

  /** The hub's own cursor; empty, from which nothing can be resumed, where other sources were told of. */
  cursorOf(cursor: string): string {
    return this.#unmarked(cursor) ?? '';
  }

  async statuses(): Promise<SourceStatus[]> {
    await this.guest.learn();
    return this.hub.sources().map((source) => this.#statusOf(source));
  }

  /** Rejects with `notFound` where there is no such source. */
  async status(id: string): Promise<SourceStatus> {
    const { hub } = this;
    hub.status(id);
    await this.#know(id);
    const source = hub.source(id);
    return source === undefined ? hub.status(id) : this.#statusOf(source);
  }

  async listClusters({ since, minVersion, ...params }: RequestParams<'clusters.list'>) {
    const { hub } = this;
    await (params.source === undefined
      ? this.guest.learn()
      : Promise.all([params.source].flat().map((source) => this.#require(source))));
    await this.#caughtUp(minVersion);
    const known = since === undefined ? {} : { since: this.#unmarked(since) ?? '' };
    const answer = hub.listClusters({ ...params, ...known }, (source) => this.#sees(source));
    return { ...answer, version: this.#marked(answer.version) } satisfies RequestResult<'clusters.list'>;
  }

  async listObjects(params: RequestParams<'clusters.objects'>): Promise<RequestResult<'clusters.objects'>> {
    await this.#require(params.source);
    return this.hub.listObjects(params);
  }

  async getCluster({
    minVersion,
    ...params
  }: RequestParams<'clusters.get'>): Promise<RequestResult<'clusters.get'>> {
    await this.#require(params.source);
    await this.#caughtUp(minVersion);
    return this.hub.getCluster(params);
  }

  async listComponents(params: RequestParams<'components.list'>): Promise<RequestResult<'components.list'>> {
    await this.#require(params.source);
    return this.hub.listComponents(params);
  }

  async listAlerts(params: RequestParams<'alerts.list'>): Promise<RequestResult<'alerts.list'>> {
    await this.#requireOneOrAll(params.source);
    return this.hub.alerts.list(params, (source) => this.#sees(source));
  }

  async countAlerts(): Promise<RequestResult<'alerts.counts'>> {
    await this.guest.learn();
    return this.hub.alerts.allCounts((source) => this.#sees(source));
  }

  async readMetrics(params: RequestParams<'metrics.read'>): Promise<RequestResult<'metrics.read'>> {
    await this.#require(params.source);
    await this.guest.require(params.source, METRIC_ACCESS);
    return this.hub.metrics.read(params);
  }

  async listPods(
    { source, namespace }: RequestParams<'pods.list'>,
    signal: AbortSignal,
  ): Promise<RequestResult<'pods.list'>> {
    const { hub, guest } = this;
    hub.requireSource(source);
    await guest.require(source, { type: 'pods', namespace });
    return { pods: [...(await listPods(hub.requireSource(source).fetch(), namespace, signal))] };
  }

  /** What is read of a log is read by whoever opened it. */
  async requireLogs(params: RequestParams<'logs.open'>): Promise<void> {
    const { source } = params;
    if (this.hub.source(source) !== undefined) {
      await this.guest.require(source, logsOf(params));
    }
  }

  async requireLogView({ source, selection }: RequestParams<'logViews.open'>): Promise<void> {
    if (this.hub.source(source) !== undefined) {
      await Promise.all(logViewAccess(selection).map((access) => this.guest.require(source, access)));
    }
  }

  /** Rejects with `closed` where there is no such source. */
  async source(id: string): Promise<Source> {
    this.hub.requireSource(id);
    await this.#require(id);
    return this.hub.requireSource(id);
  }

  #statusOf(source: Source): SourceStatus {
    const status = source.status();
    const refusal = this.guest.refusal(source.id, PERSONA_ACCESS);
    if (refusal === undefined) {
      return status;
    }
    const { kind, label } = status;
    return { source: source.id, kind, label, state: refusedState(refusal), count: 0 };
  }

  #sees(source: string): boolean {
    return this.guest.refusal(source, PERSONA_ACCESS) === undefined;
  }

  /** What is unknown to the hub it says itself. */
  async #require(source: string): Promise<void> {
    if (this.hub.source(source) !== undefined) {
      await this.guest.require(source, PERSONA_ACCESS);
    }
  }

  async #requireOneOrAll(source: string | undefined): Promise<void> {
    await (source === undefined ? this.guest.learn() : this.#require(source));
  }

  /** Of what was told to another sight it is not known whether this hub is behind it. */
  async #caughtUp(cursor: string | undefined): Promise<void> {
    const known = cursor === undefined ? undefined : this.#unmarked(cursor);
    if (known !== undefined) {
      await this.hub.caughtUp(known);
    }
  }

  async #know(source: string): Promise<void> {
    try {
      await this.guest.require(source, PERSONA_ACCESS);
    } catch (error) {
      if (!isProblemError(error)) {
        throw error;
      }
    }
  }

  #marked(text: string): string {
    const { sight } = this.guest;
    return sight === '' ? text : `${text}${SIGHT_MARK}${sight}`;
  }

  /** Undefined where it was made for another sight. */
  #unmarked(text: string): string | undefined {
    const { sight } = this.guest;
    if (sight === '') {
      return text;
    }
    const end = text.lastIndexOf(SIGHT_MARK);
    return end >= 0 && text.slice(end + 1) === sight ? text.slice(0, end) : undefined;
  }
}

function refusedState({ problem, retryAt }: AccessRefusal): SourceStatus['state'] {
  return problem.code === 'forbidden'
    ? { type: 'forbidden', retryAt, problem }
    : { type: 'reconnecting', attempt: 1, retryAt, problem };
}
