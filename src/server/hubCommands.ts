import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { CommandRun } from '../hub/commandRun';
import { CommandRuns } from '../hub/commandRuns';
import { GuestHub } from '../hub/guestHub';
import type { Guest } from '../hub/guest';
import type { Hub } from '../hub/hub';
import { orAbort } from '../informer/childAbort';
import { proveSources } from '../hub/proveSources';
import type { CommandRunner, RequestProgress } from '../hub/requestHandlers';
import type { Source } from '../hub/source';
import type { CommandStep } from '../protocol/commandProgress';
import { ProblemError } from '../protocol/problem';
import type { ViewCommand } from '../protocol/requests';

export interface HubCommandsOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A source in trouble may take longer than anybody waits; what it becomes shows in its state. */
const LIMIT_MS = 30_000;
/** Whoever asks again before has it from the last time: the cluster is everybody's. */
const FRESH_MS = 1_000;

/** The commands that a hub runs for its clients. Of each source one is run at a time: whoever wants the same joins it. */
export class HubCommands implements Disposable {
  readonly #options: HubCommandsOptions;
  readonly #runs: CommandRuns;

  constructor(options: HubCommandsOptions) {
    this.#options = options;
    this.#runs = new CommandRuns(options);
  }

  runnerFor(guest: Guest): CommandRunner {
    return (command, signal, onProgress) => this.run(guest, command, signal, onProgress);
  }

  /**
   * Resolves when it is done. Rejects with {@link ProblemError}: `forbidden` for what one client may not do to all, and
   * `unsupported` for what only an editor can.
   */
  async run(
    guest: Guest,
    command: ViewCommand,
    signal: AbortSignal,
    onProgress: (progress: RequestProgress) => void,
  ): Promise<void> {
    switch (command.type) {
      case 'reconnect': {
        const source = await new GuestHub(this.#options.hub, guest).source(command.source);
        signal.throwIfAborted();
        await this.#refresh(source, signal, onProgress);
        return;
      }
      case 'disconnect':
        throw new ProblemError({
          code: 'forbidden',
          detail: 'what all clients of a hub follow is not ended by one of them',
        });
      case 'openLogs':
      case 'openDetail':
      case 'showLog':
      case 'copy':
      case 'openNodeLogs':
      case 'saveLogs':
      case 'openLogDocument':
      case 'openLogTerminal':
        throw new ProblemError({
          code: 'unsupported',
          detail: `${command.type} is done by an editor, and this is none`,
        });
      default:
        command satisfies never;
    }
  }

  /** Cancels what runs. */
  dispose(): void {
    this.#runs.dispose();
  }

  /** Has the source prove that what it holds is true. */
  async #refresh(
    source: Source,
    signal: AbortSignal,
    onProgress: (progress: RequestProgress) => void,
  ): Promise<void> {
    const { clock } = this.#options;
    const { state, asOf = Number.NEGATIVE_INFINITY } = source.status();
    if (state.type === 'live' && clock.now() - asOf < FRESH_MS) {
      return;
    }
    const run =
      this.#runs.running('refresh', source.id) ??
      this.#runs.start({
        command: 'refresh',
        target: source.id,
        source: source.id,
        work: (started) => this.#prove(source, started),
      });
    await followed(run, signal, onProgress);
  }

  async #prove(source: Source, run: CommandRun): Promise<void> {
    const { failed, proven } = await proveSources({
      sources: [source],
      begin: () => {
        // Whoever follows a log by a connection that works need not notice.
        if (source.status().state.type === 'live') {
          source.proveNow();
        } else {
          source.retryNow();
        }
      },
      clock: this.#options.clock,
      limitMs: LIMIT_MS,
      signal: run.signal,
      onProgress: (progress) =>
        run.report({ done: progress.proven + progress.failed, total: progress.total }),
    });
    if (proven === 1) {
      return;
    }
    const { state } = source.status();
    throw new ProblemError(
      'problem' in state && state.problem !== undefined
        ? { code: 'upstream', detail: `${state.problem.code}: ${state.problem.detail}` }
        : {
            code: 'unreachable',
            detail:
              failed > 0
                ? 'the cluster was disconnected'
                : `the cluster gave no proof within ${LIMIT_MS / 1_000} s`,
          },
    );
  }
}

/** Waits for a run that others may wait for too: whoever goes takes nothing with them. */
async function followed(
  run: CommandRun,
  signal: AbortSignal,
  onProgress: (progress: RequestProgress) => void,
): Promise<void> {
  const owned = new DisposableStore();
  const tell = ({ fraction }: CommandStep): void => onProgress(fraction === undefined ? {} : { fraction });
  try {
    owned.add(run.onStep(tell));
    tell(run.step);
    const end = await orAbort(run.finished, signal);
    if (end.state === 'failed') {
      throw new ProblemError(end.problem);
    }
    if (end.state === 'cancelled') {
      throw new ProblemError({ code: 'closed', detail: 'the hub is shutting down' });
    }
  } finally {
    owned.dispose();
  }
}
