import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { CommandStep, LongCommand } from '../protocol/commandProgress';
import { ProblemError } from '../protocol/problem';
import { commandTopic } from '../protocol/topics';
import { CommandRun } from './commandRun';
import type { Hub } from './hub';

/** More at once are nobody's wish: commands are started by hand, or by another extension that runs wild. */
const MAX_RUNS = 32;

export interface CommandRunsOptions {
  readonly hub: Pick<Hub, 'publish'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface CommandStart {
  readonly command: LongCommand;
  /** What it is done to, where that can be one of several: the id of a source. */
  readonly target?: string;
  /** The source that it is about: its steps are told to those alone who may know of that. */
  readonly source?: string;
  /** Does it. What it rejects with makes the run fail, unless it was cancelled before. */
  readonly work: (run: CommandRun) => Promise<void>;
}

/**
 * Runs long commands and tells everybody how far they are: `command.progress` on a topic of each run's own. Only those that
 * run are remembered. Of one command on one target there is one run at a time: whoever wants it too joins that.
 */
export class CommandRuns implements Disposable {
  readonly #options: CommandRunsOptions;
  readonly #running = new Map<string, CommandRun>();
  #count = 0;
  #isDisposed = false;

  constructor(options: CommandRunsOptions) {
    this.#options = options;
  }

  /** The run of a command on a target that is under way, to be joined. */
  running(command: LongCommand, target?: string): CommandRun | undefined {
    return this.#running.get(keyOf(command, target));
  }

  /**
   * Starts a run, which is told before this returns; what fails shows in its end. Throws {@link ProblemError} where the
   * same is under way (ask `running` first), where too much is, and after `dispose`.
   */
  start({ command, target, source, work }: CommandStart): CommandRun {
    const key = keyOf(command, target);
    if (this.#isDisposed) {
      throw new ProblemError({ code: 'closed', detail: 'no command is run any more' });
    }
    if (this.#running.has(key)) {
      throw new ProblemError({ code: 'badRequest', detail: `${command} is under way already` });
    }
    if (this.#running.size >= MAX_RUNS) {
      throw new ProblemError({ code: 'badRequest', detail: `${MAX_RUNS} commands are under way already` });
    }
    this.#count += 1;
    const { clock, logger } = this.#options;
    const run = new CommandRun({
      id: `${command}-${this.#count}`,
      command,
      ...(source === undefined ? {} : { source }),
      clock,
      onListenerError: (error) => logger.error('A follower of a command failed', error),
      publish: (step) => {
        if (step.state !== 'running') {
          this.#running.delete(key);
        }
        this.#publish(step);
      },
    });
    this.#running.set(key, run);
    run.begin(work);
    return run;
  }

  /** Cancels what runs. */
  dispose(): void {
    this.#isDisposed = true;
    for (const run of this.#running.values()) {
      run.cancel();
    }
  }

  #publish(step: CommandStep): void {
    this.#options.hub.publish({
      type: 'command.progress',
      topic: commandTopic(step.id),
      data: step,
      priority: 'high',
    });
  }
}

function keyOf(command: LongCommand, target = ''): string {
  return `${command} ${target}`;
}
