import type { Clock } from '../../src/base/clock';
import type { KubeFetch } from '../../src/base/kubeFetch';
import { nullLogger } from '../../src/base/logger';
import type { Random } from '../../src/base/random';
import { ContainerLog } from '../../src/hub/logs/containerLog';
import type { PodLogTarget } from '../../src/kube/openPodLog';
import { InThreadScanner } from '../../src/logs/chunkScanner';
import { LogBudget } from '../../src/logs/logBudget';
import { LogView, type ViewStream } from '../../src/logs/logView';
import type { StreamBounds } from '../../src/logs/streamStore';
import type { LogRow, LogState } from '../../src/protocol/podLog';

export interface FollowedLogOptions {
  readonly fetch: KubeFetch;
  readonly target: PodLogTarget;
  readonly clock: Clock;
  readonly random: Random;
  readonly tailLines: number;
  readonly previous?: boolean;
  readonly bounds?: StreamBounds;
}

const UNBOUNDED = { keptMs: Number.POSITIVE_INFINITY, keptBytes: Number.POSITIVE_INFINITY };

/** One container's log in a view of its own. */
export class FollowedLog {
  readonly view: LogView;
  readonly log: ContainerLog;
  readonly #stream: ViewStream;

  constructor(options: FollowedLogOptions) {
    const { clock, target, bounds = UNBOUNDED } = options;
    this.view = new LogView({
      clock,
      scanner: new InThreadScanner(clock),
      budget: new LogBudget(() => Number.POSITIVE_INFINITY),
      bounds: () => bounds,
      onListenerError: (error) => {
        throw error;
      },
    });
    const { namespace, pod, container = '' } = target;
    this.#stream = this.view.addStream({ namespace, pod, container });
    this.log = new ContainerLog({ ...options, logger: nullLogger, stream: this.#stream });
  }

  get state(): LogState {
    return this.log.state;
  }

  /** Lines `first` to `next - 1` are held. */
  get range(): { readonly first: number; readonly next: number } {
    const { first, next } = this.#stream.store;
    return { first, next };
  }

  rows(): readonly LogRow[] {
    return this.view.read({ type: 'position', position: 0 }, 1_000_000).rows;
  }

  /** Of each row; a marker in brackets. */
  texts(): string[] {
    return this.rows().map(({ text, marker }) => (marker === undefined ? text : `[${marker.type}]`));
  }

  dispose(): void {
    this.log.dispose();
    this.view.dispose();
  }
}
