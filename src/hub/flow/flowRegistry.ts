import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { TimerWheel } from '../../base/timerWheel';
import { utilisationBetween, type LoadMeter, type LoadReading } from '../../base/loadMeter';
import type { View } from '../../protocol/messages';
import type { RateReason } from './backpressureController';
import { SharedBatches } from './sharedBatch';

const JUDGE_MS = 5_000;
/** Frames that are due within the same millisecond are sent one after the other, and so hold the same events. */
const FRAME_SLOT_MS = 1;

/** How one subscriber is doing. */
export interface FlowFigures {
  /** Undefined for a client that shows what it likes. */
  readonly view: View | undefined;
  readonly isVisible: boolean;
  /** Frames a second that it is sent at most. */
  readonly rate: number;
  /** Why the rate last changed. */
  readonly reason: RateReason;
  /** Events that wait. */
  readonly queued: number;
  /** Messages that were dropped since it started. */
  readonly dropped: number;
  /** Frames that may be sent before some are worked off. */
  readonly credits: number;
  /** Since it started. */
  readonly framesSent: number;
  /** Frames a second that it reaches, told within the last seconds; undefined where unknown. */
  readonly fps: number | undefined;
}

/** How one that shows one view is doing. */
export interface ViewFlowFigures extends FlowFigures {
  readonly view: View;
}

/** A subscriber as the registry sees it. */
export interface JudgedFlow {
  figures(): FlowFigures;
  /** Called every 5 s while it is sent something. */
  judge(load: {
    readonly eventLoopUtilisation: number | undefined;
    readonly heapFraction: number | undefined;
  }): void;
}

/**
 * The live subscribers, judged together: one timer and one reading of the meter for all of them, and neither while nothing
 * is sent.
 */
export class FlowRegistry implements Disposable {
  /** When frames are due. */
  readonly frames: TimerWheel;
  /** What is gathered for several subscribers at once. */
  readonly batches = new SharedBatches();
  readonly #clock: Clock;
  readonly #meter: LoadMeter;
  readonly #flows = new Set<JudgedFlow>();
  /** Those that were sent something since the last judgement. */
  readonly #fed = new Set<JudgedFlow>();
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(clock: Clock, meter: LoadMeter) {
    this.frames = new TimerWheel(clock, FRAME_SLOT_MS);
    this.#clock = clock;
    this.#meter = meter;
  }

  /** Of all live subscribers, in the order in which they came. */
  figures(): FlowFigures[] {
    return [...this.#flows].map((flow) => flow.figures());
  }

  /** Of the live subscribers that show one view each, in the order in which they came. */
  viewFigures(): ViewFlowFigures[] {
    return this.figures().flatMap(({ view, ...figures }) =>
      view === undefined ? [] : [{ ...figures, view }],
    );
  }

  /** The load as it is now; two of them say how busy the event loop was in between. */
  readLoad(): LoadReading {
    return this.#meter.read();
  }

  /** Counts a subscriber among the live ones until the result is disposed. */
  add(flow: JudgedFlow): Disposable {
    this.#flows.add(flow);
    return {
      dispose: () => {
        this.#flows.delete(flow);
        this.rests(flow);
      },
    };
  }

  /** To be told of each frame that is sent. */
  sent(flow: JudgedFlow): void {
    this.#fed.add(flow);
    if (this.#timer === undefined && !this.#isDisposed) {
      this.#begin();
    }
  }

  /** It will not be sent anything for now, and is not judged by what it was sent before. */
  rests(flow: JudgedFlow): void {
    this.#fed.delete(flow);
    if (this.#fed.size === 0) {
      this.#timer?.dispose();
      this.#timer = undefined;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#flows.clear();
    this.#fed.clear();
    this.frames.dispose();
  }

  /** The next frame that is sent begins the next judgement: none is waited for that may never come. */
  #begin(): void {
    const before = this.#meter.read();
    this.#timer = this.#clock.schedule(JUDGE_MS, () => {
      this.#timer?.dispose();
      this.#timer = undefined;
      this.#judge(before);
    });
  }

  #judge(before: LoadReading): void {
    const fed = [...this.#fed];
    this.#fed.clear();
    const now = this.#meter.read();
    const load = {
      eventLoopUtilisation: utilisationBetween(before, now),
      heapFraction: now.heapFraction,
    };
    for (const flow of fed) {
      flow.judge(load);
    }
  }
}
