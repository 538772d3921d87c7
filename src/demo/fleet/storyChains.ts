import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { ClusterModel } from './clusterModel';

/** Something that happens so long after what happened before it. */
export interface ChainStep {
  readonly afterMs: number;
  run(): void;
}

/** What happens to clusters one thing after another, to its end: one chain at a time for each cluster. */
export class StoryChains implements Disposable {
  readonly #clock: Clock;
  readonly #timers = new DisposableStore();
  readonly #busy = new Set<ClusterModel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many run. */
  get count(): number {
    return this.#busy.size;
  }

  isBusy(cluster: ClusterModel): boolean {
    return this.#busy.has(cluster);
  }

  /** The cluster must not be busy. */
  begin(cluster: ClusterModel, steps: readonly ChainStep[], onEnd?: () => void): void {
    this.#busy.add(cluster);
    const next = (index: number): void => {
      const step = steps[index];
      if (step === undefined) {
        this.#busy.delete(cluster);
        onEnd?.();
        return;
      }
      const run = (): void => {
        step.run();
        next(index + 1);
      };
      if (step.afterMs === 0) {
        run();
      } else {
        this.after(step.afterMs, run);
      }
    };
    next(0);
  }

  /** Calls back once, unless this is disposed before. */
  after(delayMs: number, callback: () => void): Disposable {
    const timer = this.#clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    return this.#timers.add(timer);
  }

  /** Takes back what `after` promised. */
  cancel(timer: Disposable): void {
    this.#timers.delete(timer);
  }

  dispose(): void {
    this.#timers.dispose();
    this.#busy.clear();
  }
}
