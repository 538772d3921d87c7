import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { CommandRun } from '../hub/commandRun';
import type { CommandRuns } from '../hub/commandRuns';
import type { Hub } from '../hub/hub';
import { proveSources, type ProofProgress } from '../hub/proveSources';
import { countText } from '../texts/countText';
import type { KubeconfigSources } from './kubeconfigSources';
import { showRun } from './runProgress';

/** A source in trouble may take longer than anybody waits; what it becomes shows in the tree. */
const LIMIT_MS = 30_000;
const SAID_MS = 5_000;
const CONTEXT_KEY = 'clusterpersona.refreshing';

export interface RefreshOptions {
  readonly hub: Hub;
  readonly kubeconfigs: Pick<KubeconfigSources, 'refresh'>;
  readonly runs: CommandRuns;
  readonly clock: Clock;
}

/**
 * Reads the kubeconfigs again and has every connected source prove that what is shown is true. It is over when each has, or
 * failed, or half a minute passed. Asked for again meanwhile, all are asked once more and the one run goes on.
 */
export class Refresh {
  readonly #options: RefreshOptions;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  /** The refresh under way. */
  get running(): CommandRun | undefined {
    return this.#options.runs.running('refresh');
  }

  /** Resolves at its end, however it ends; what went wrong is thrown. */
  async run(): Promise<void> {
    const { runs, kubeconfigs } = this.#options;
    const joined = this.running;
    if (joined !== undefined) {
      await kubeconfigs.refresh();
      this.#retryAll();
      await joined.finished;
      return;
    }
    let outcome: ProofProgress | undefined;
    const run = runs.start({
      command: 'refresh',
      work: async (started) => {
        outcome = await this.#prove(started);
      },
    });
    await setRefreshing(true);
    const end = await showRun(run, {
      title: vscode.l10n.t('Refreshing'),
      location: vscode.ProgressLocation.Window,
      message: ({ done, total }) => progressText(done, total),
    });
    await setRefreshing(false);
    if (end.state === 'failed') {
      throw end.error;
    }
    say(end.state === 'cancelled' ? cancelledText() : endText(outcome));
  }

  /** Waits no longer. What the sources do goes on. */
  stop(): void {
    this.running?.cancel();
  }

  async #prove(run: CommandRun): Promise<ProofProgress> {
    const { hub, kubeconfigs, clock } = this.#options;
    await kubeconfigs.refresh();
    return proveSources({
      sources: hub.sources().filter(({ isConnected }) => isConnected),
      begin: () => this.#retryAll(),
      clock,
      limitMs: LIMIT_MS,
      signal: run.signal,
      onProgress: ({ proven, failed, total }, last) =>
        run.report({
          done: proven + failed,
          total,
          ...(last === undefined ? {} : { subject: last.definition.label }),
        }),
    });
  }

  #retryAll(): void {
    for (const source of this.#options.hub.sources()) {
      source.retryNow();
    }
  }
}

function progressText(done: number | undefined, total: number | undefined): string | undefined {
  return done === undefined || total === undefined || total === 0
    ? undefined
    : countText(
        total,
        vscode.l10n.t('{0} of 1 cluster', done),
        vscode.l10n.t('{0} of {1} clusters', done, total),
      );
}

function cancelledText(): string {
  return vscode.l10n.t('No longer waiting for the refresh; the clusters go on');
}

function endText(outcome: ProofProgress | undefined): string | undefined {
  if (outcome === undefined) {
    return undefined;
  }
  if (outcome.total === 0) {
    return vscode.l10n.t('Read the kubeconfigs again; no cluster is connected');
  }
  const { proven, failed, total } = outcome;
  const late = total - proven - failed;
  const parts = [
    countText(
      total,
      vscode.l10n.t('{0} of 1 cluster is proven current', proven),
      vscode.l10n.t('{0} of {1} clusters are proven current', proven, total),
    ),
    ...(failed === 0 ? [] : [vscode.l10n.t('{0} failed', failed)]),
    ...(late === 0 ? [] : [vscode.l10n.t('{0} did not answer within {1} s', late, LIMIT_MS / 1_000)]),
  ];
  return parts.join(', ');
}

function say(text: string | undefined): void {
  if (text !== undefined) {
    vscode.window.setStatusBarMessage(text, SAID_MS);
  }
}

async function setRefreshing(isRefreshing: boolean): Promise<void> {
  await vscode.commands.executeCommand('setContext', CONTEXT_KEY, isRefreshing);
}
