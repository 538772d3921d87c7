import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { InformerHandler } from '../informer/delivery';
import type { ReadonlyStore } from '../informer/store';
import type { Problem } from '../protocol/problem';
import type { ProofOfLife, SourceRoute, SourceState } from '../protocol/sourceState';

/** What a source follows: a cluster itself, or another hub that does. Its words are those of the informer, rule by rule. */
export interface PersonaFeed extends Disposable {
  readonly store: ReadonlyStore;
  /** When the store was last known to be true, in wall milliseconds. */
  readonly asOf: number | undefined;
  readonly proofOfLife: ProofOfLife | undefined;
  readonly watchOpenedAt: number | undefined;
  /** Complete lists so far, and other gaps that may hide steps. */
  readonly generation: number;
  readonly resourceVersion: string | undefined;
  /** Up to where the handlers were told of every change; undefined where that cannot be said. */
  readonly toldVersion: string | undefined;
  readonly clusterUid: string | undefined;
  /** By which way a hub is reached now; absent where there is none. */
  readonly route?: SourceRoute | undefined;
  readonly onStateChanged: Event<SourceState>;
  readonly onProof: Event<void>;
  readonly onAttemptFailed: Event<Problem>;
  addHandler(handler: InformerHandler): Disposable;
  start(): void;
  retryNow(): void;
  setVisible(isVisible: boolean): void;
}
