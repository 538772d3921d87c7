import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { KubeFetch } from '../../base/kubeFetch';
import type { KubeObject } from '../../base/kubeObject';
import { scopedLogger, type Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import { Informer } from '../../informer/informer';
import { loggedPod, type LoggedContainer, type LoggedPod } from '../../kube/podContainers';
import { podsPath } from '../../kube/podsPath';
import type { LogView, ViewStream } from '../../logs/logView';
import type { LogSelection, LogStreamStatus } from '../../protocol/logView';
import type { Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';
import { ContainerLog } from './containerLog';
import type { LogTurns } from './logTurns';

export interface SelectedLogsOptions {
  readonly fetch: KubeFetch;
  readonly selection: LogSelection;
  readonly view: LogView;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tailLines: number;
  readonly sinceTime?: string;
  readonly previous: boolean;
  readonly turns: LogTurns;
  /** So many are followed at once; the others wait. */
  readonly maxStreams: () => number;
}

/** The status of a pod is seconds behind what its containers do. */
const DOUBT_MS = 10_000;
/** Pods come in lots, and are sorted before the first is followed. */
const GATHER_MS = 20;

interface Entry {
  readonly pod: string;
  readonly kind: LoggedContainer['kind'];
  /** Its place among the containers of its pod. */
  readonly ordinal: number;
  readonly stream: ViewStream;
  container: LoggedContainer;
  reason: string | undefined;
  log: ContainerLog | undefined;
  /** Until it is looked whether its log has ended indeed. */
  doubting: Disposable | undefined;
  readonly owned: DisposableStore;
  isGone: boolean;
}

/**
 * Follows the logs of all containers of the pods that are selected, into one view: pods that appear are taken in, what those
 * wrote that vanish stays. Of more containers than may be followed at once, each pod's first has its turn before any pod's
 * second, running ones before others; the rest waits until one of them has ended. What is wrong with one log is told of that
 * one, and the others go on.
 */
export class SelectedLogs implements Disposable {
  readonly #options: SelectedLogsOptions;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #stopped = new AbortController();
  readonly #changed: Emitter<void>;
  readonly #entries = new Map<string, Entry>();
  #informer: Informer | undefined;
  #opening: AbortController | undefined;
  #problem: Problem | undefined;
  #gathering: Disposable | undefined;
  #isInterrupted = false;

  constructor(options: SelectedLogsOptions) {
    this.#options = options;
    this.#logger = scopedLogger(options.logger, 'logs');
    this.#changed = this.#owned.add(
      new Emitter<void>((error) => this.#logger.error('A listener failed', error)),
    );
    void this.#open();
  }

  /** Another state of one of the logs, or of what is known of the pods. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  /** Whether it is known which pods there are. */
  get isRead(): boolean {
    return this.#informer?.asOf !== undefined;
  }

  get podsProblem(): Problem | undefined {
    const state = this.#informer?.state;
    return this.#problem ?? (state !== undefined && 'problem' in state ? state.problem : undefined);
  }

  statuses(): LogStreamStatus[] {
    return [...this.#entries.values()].map(({ stream, kind, log, reason, isGone }) => ({
      stream: stream.index,
      namespace: stream.namespace,
      pod: stream.pod,
      container: stream.container,
      kind,
      state: log?.state ?? { type: 'waiting' },
      ...(isGone ? { isGone } : {}),
      ...(reason === undefined ? {} : { reason }),
      lines: stream.store.next - stream.store.first,
    }));
  }

  /** The way to the cluster is lost. */
  interrupt(problem: Problem): void {
    this.#isInterrupted = true;
    this.#opening?.abort(new DOMException('interrupted', 'AbortError'));
    for (const { log } of this.#entries.values()) {
      log?.interrupt(problem);
    }
  }

  /** There may be another way now. */
  reopen(): void {
    this.#isInterrupted = false;
    if (this.#informer === undefined) {
      this.#opening?.abort(new DOMException('opened anew', 'AbortError'));
      void this.#open();
    } else {
      this.#informer.retryNow();
    }
    for (const { log } of this.#entries.values()) {
      log?.reopen();
    }
    this.#gather();
  }

  dispose(): void {
    this.#stopped.abort(new DOMException('the logs were closed', 'AbortError'));
    this.#opening?.abort();
    this.#gathering?.dispose();
    this.#owned.dispose();
  }

  /** Never rejects. */
  async #open(): Promise<void> {
    const { fetch, selection, clock, random } = this.#options;
    const opening = new AbortController();
    this.#opening = opening;
    try {
      const path = await podsPath(fetch, selection, opening.signal);
      if (opening.signal.aborted || this.#stopped.signal.aborted) {
        return;
      }
      this.#problem = undefined;
      const informer = this.#owned.add(new Informer({ fetch, path, clock, random, logger: this.#logger }));
      this.#informer = informer;
      this.#owned.add(
        informer.addHandler({
          added: (pod) => this.#podChanged(pod),
          updated: (_, pod) => this.#podChanged(pod),
          deleted: (pod) => this.#podGone(pod),
        }),
      );
      this.#owned.add(informer.onStateChanged(() => this.#changed.fire()));
      this.#owned.add(informer.onProof(() => this.#changed.fire()));
      informer.setVisible(true);
      informer.start();
    } catch (error) {
      if (!opening.signal.aborted && !this.#stopped.signal.aborted) {
        this.#problem = problemFromError(error);
        this.#changed.fire();
      }
    }
  }

  #podChanged(object: KubeObject): void {
    const pod = loggedPod(object);
    pod.containers.forEach((container, ordinal) => this.#containerChanged(pod, container, ordinal));
    this.#gather();
  }

  #containerChanged(pod: LoggedPod, container: LoggedContainer, ordinal: number): void {
    const key = keyOf(pod, container.name);
    const known = this.#entries.get(key);
    if (known === undefined) {
      const { namespace, name } = pod;
      const stream = this.#options.view.addStream({ namespace, pod: name, container: container.name });
      this.#entries.set(key, {
        pod: name,
        kind: container.kind,
        ordinal,
        stream,
        container,
        reason: pod.reason,
        log: undefined,
        doubting: undefined,
        owned: this.#owned.add(new DisposableStore()),
        isGone: false,
      });
      return;
    }
    const isOtherRun = known.container.run !== container.run;
    known.container = container;
    known.reason = pod.reason;
    if (isOtherRun && container.isRunning && !this.#options.previous) {
      known.log?.restart();
    }
  }

  #podGone(object: KubeObject): void {
    const pod = loggedPod(object);
    for (const { name } of pod.containers) {
      const entry = this.#entries.get(keyOf(pod, name));
      if (entry !== undefined) {
        entry.isGone = true;
        this.#logChanged(entry);
      }
    }
    this.#changed.fire();
  }

  #gather(): void {
    this.#gathering ??= this.#options.clock.schedule(GATHER_MS, () => {
      this.#gathering?.dispose();
      this.#gathering = undefined;
      this.#followMore();
    });
  }

  #followMore(): void {
    if (this.#isInterrupted) {
      return;
    }
    const entries = [...this.#entries.values()];
    const waiting = entries.filter(
      ({ log, isGone, container }) => log === undefined && !isGone && container.hasLog,
    );
    waiting.sort(
      (a, b) =>
        Number(b.container.isRunning) - Number(a.container.isRunning) ||
        a.ordinal - b.ordinal ||
        a.stream.index - b.stream.index,
    );
    let free = this.#options.maxStreams() - entries.filter(({ log }) => isHolding(log)).length;
    for (const entry of waiting) {
      if (free <= 0) {
        break;
      }
      free -= 1;
      this.#follow(entry);
    }
    this.#changed.fire();
  }

  #follow(entry: Entry): void {
    const { stream } = entry;
    const { namespace, pod, container } = stream;
    const log = entry.owned.add(
      new ContainerLog({ ...this.#options, stream, target: { namespace, pod, container } }),
    );
    entry.log = log;
    entry.owned.add(log.onChanged(() => this.#logChanged(entry)));
  }

  #logChanged(entry: Entry): void {
    const isOver = !isHolding(entry.log);
    if (isOver && entry.isGone) {
      this.#owned.delete(entry.owned);
    }
    if (isOver) {
      this.#gather();
    }
    if (entry.log?.state.type === 'ended' && entry.container.isRunning && !this.#options.previous) {
      this.#doubt(entry);
    }
    this.#changed.fire();
  }

  /** A server may end a log while its container runs: then it is opened anew, unless the pod says meanwhile that it does not. */
  #doubt(entry: Entry): void {
    entry.doubting ??= entry.owned.add(
      this.#options.clock.schedule(DOUBT_MS, () => {
        if (entry.doubting !== undefined) {
          entry.owned.delete(entry.doubting);
          entry.doubting = undefined;
        }
        if (entry.container.isRunning && !entry.isGone) {
          entry.log?.restart();
        }
      }),
    );
  }
}

/** Whether a log has a connection or will have one by itself. */
function isHolding(log: ContainerLog | undefined): boolean {
  return (
    log !== undefined &&
    log.state.type !== 'ended' &&
    !(log.state.type === 'failed' && log.state.retryAt === undefined)
  );
}

function keyOf({ uid, namespace, name }: LoggedPod, container: string): string {
  return [uid, namespace, name, container].join('/');
}
