import type { Clock } from '../base/clock';
import { cutText } from '../base/cutText';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { CommandStep, LongCommand } from '../protocol/commandProgress';
import type { Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';

/** A step is told at most this often, the last one in any case. */
const TELL_MS = 100;
/** Names of contexts can be as long as a file. */
const MAX_SUBJECT_CHARS = 200;

export interface CommandRunOptions {
  readonly id: string;
  readonly command: LongCommand;
  readonly source?: string;
  readonly clock: Clock;
  /** Told of each step before those who follow this one run. */
  readonly publish: (step: CommandStep) => void;
  readonly onListenerError: (error: unknown) => void;
}

/** How far a run is, as its work knows it. */
export interface CommandProgress {
  /** 0 to 1. What is below an earlier one, or no number, counts for nothing. */
  readonly fraction?: number;
  readonly subject?: string;
  /** How many of how many; makes the fraction where that is not given. */
  readonly done?: number;
  readonly total?: number;
}

/** How a run ended. */
export type CommandEnd =
  | { readonly state: 'done' | 'cancelled' }
  | { readonly state: 'failed'; readonly problem: Problem; readonly error: unknown };

/**
 * One run of a long command. Its steps are told in order: the first at once, then at most ten a second and always the
 * latest, and exactly one end. Cancelled, it ends at once, whatever its work still does.
 */
export class CommandRun {
  readonly id: string;
  readonly command: LongCommand;
  /** Resolves with the end; never rejects. */
  readonly finished: Promise<CommandEnd>;
  readonly #options: CommandRunOptions;
  readonly #steps: Emitter<CommandStep>;
  readonly #abort = new AbortController();
  readonly #finish: (end: CommandEnd) => void;
  #step: CommandStep;
  #isOver = false;
  /** While it is pending nothing is told. */
  #pause: Disposable | undefined;
  #isTold = true;

  constructor(options: CommandRunOptions) {
    const { id, command, source, onListenerError } = options;
    this.#options = options;
    this.id = id;
    this.command = command;
    this.#steps = new Emitter(onListenerError);
    this.#step = { id, command, ...(source === undefined ? {} : { source }), state: 'running' };
    const { promise, resolve } = Promise.withResolvers<CommandEnd>();
    this.finished = promise;
    this.#finish = resolve;
  }

  /** Aborted when nobody waits for it any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** How far it is, also where that was not told yet. */
  get step(): CommandStep {
    return this.#step;
  }

  /** The steps as they are told, the end included. */
  get onStep() {
    return this.#steps.event;
  }

  /** To be called once: tells that it runs, and has the work done. */
  begin(work: (run: CommandRun) => Promise<void>): void {
    this.#tell();
    void this.#work(work);
  }

  /** Says how far it is; after the end nobody hears of it. */
  report({ fraction, subject, done, total }: CommandProgress): void {
    if (this.#isOver) {
      return;
    }
    const wanted =
      fraction ?? (done === undefined || total === undefined || total === 0 ? undefined : done / total);
    const before = this.#step.fraction;
    const reached =
      wanted === undefined || Number.isNaN(wanted)
        ? before
        : Math.max(before ?? 0, Math.min(Math.max(wanted, 0), 1));
    const { id, command, source } = this.#step;
    this.#step = {
      id,
      command,
      ...(source === undefined ? {} : { source }),
      state: 'running',
      ...(reached === undefined ? {} : { fraction: reached }),
      ...(subject === undefined ? {} : { subject: cutText(subject, MAX_SUBJECT_CHARS) }),
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
    };
    this.#isTold = false;
    if (this.#pause === undefined) {
      this.#tell();
    }
  }

  /** Ends it at once. Does nothing after the end. */
  cancel(): void {
    this.#end({ state: 'cancelled' });
  }

  async #work(work: (run: CommandRun) => Promise<void>): Promise<void> {
    try {
      await work(this);
      this.#end({ state: 'done' });
    } catch (error) {
      this.#end({ state: 'failed', problem: problemFromError(error), error });
    }
  }

  #end(end: CommandEnd): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#pause?.dispose();
    this.#pause = undefined;
    this.#step = {
      ...this.#step,
      state: end.state,
      ...(end.state === 'done' ? { fraction: 1 } : {}),
      ...(end.state === 'failed' ? { problem: end.problem } : {}),
    };
    this.#fire();
    this.#steps.dispose();
    this.#abort.abort(new DOMException(`${this.command} is over`, 'AbortError'));
    this.#finish(end);
  }

  #tell(): void {
    this.#fire();
    this.#pause = this.#options.clock.schedule(TELL_MS, () => {
      this.#pause?.dispose();
      this.#pause = undefined;
      if (!this.#isTold) {
        this.#tell();
      }
    });
  }

  #fire(): void {
    this.#isTold = true;
    this.#options.publish(this.#step);
    this.#steps.fire(this.#step);
  }
}
