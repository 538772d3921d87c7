import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { Hub } from '../../hub/hub';
import { proveSources } from '../../hub/proveSources';
import type { LogReader, RequestProgress } from '../../hub/requestHandlers';
import { isProblemError, ProblemError } from '../../protocol/problem';
import type { SourceState } from '../../protocol/sourceState';
import type { ViewCommand } from '../../protocol/requests';
import { stateText } from '../../texts/stateText';
import type { Connections } from '../connections';
import { failureText } from '../failureText';
import type { KubeconfigSources } from '../kubeconfigSources';
import type { LogDocuments } from '../logs/logDocuments';
import { openLogTerminal } from '../logs/openLogTerminal';
import { saveLogs } from '../logs/saveLogs';
import type { Platform } from '../platform';

/** As long as a refresh waits; the state of the source tells the rest. */
const RECONNECT_LIMIT_MS = 30_000;

export interface ViewCommandOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly connections: Pick<Connections, 'connect' | 'disconnect'>;
  readonly log: Pick<vscode.LogOutputChannel, 'show'>;
  readonly kubeconfigs: Pick<KubeconfigSources, 'context'>;
  readonly platform: Pick<Platform, 'createFile' | 'findProgram' | 'pathDelimiter'>;
  readonly logDocuments: Pick<LogDocuments, 'open'>;
}

interface ViewCommandRun {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RequestProgress) => void;
  readonly logs: (() => LogReader) | undefined;
}

/** Does what a view asks of the editor; resolves when it is done. What goes wrong is told here too: the view says nothing of it. */
export async function runViewCommand(
  options: ViewCommandOptions,
  command: ViewCommand,
  run: ViewCommandRun,
): Promise<void> {
  try {
    await doViewCommand(options, command, run);
  } catch (error) {
    // Withdrawn by the view itself.
    if (error !== run.signal.reason) {
      void vscode.window.showErrorMessage(commandFailureText(error));
    }
    throw error;
  }
}

function commandFailureText(error: unknown): string {
  return isProblemError(error) ? failureText(new Error(error.problem.detail)) : failureText(error);
}

async function doViewCommand(
  options: ViewCommandOptions,
  command: ViewCommand,
  run: ViewCommandRun,
): Promise<void> {
  switch (command.type) {
    case 'openLogs':
    case 'openDetail': {
      const { type, ...target } = command;
      await vscode.commands.executeCommand(`clusterpersona.${type}`, target);
      return;
    }
    case 'openNodeLogs': {
      const { source, name, node } = command;
      await vscode.commands.executeCommand('clusterpersona.openLogs', { source, name, node });
      return;
    }
    case 'reconnect':
      await reconnect(options, command.source, run);
      return;
    case 'disconnect':
      await options.connections.disconnect(command.source);
      return;
    case 'showLog':
      options.log.show();
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(command.text);
      return;
    case 'saveLogs':
      await saveLogs(options.platform, required(run.logs), command);
      return;
    case 'openLogDocument':
      await options.logDocuments.open(required(run.logs), command);
      return;
    case 'openLogTerminal':
      await openLogTerminal(options.kubeconfigs, options.platform, command);
      return;
    default:
      command satisfies never;
  }
}

function required(logs: ViewCommandRun['logs']): LogReader {
  if (logs === undefined) {
    throw new ProblemError({ code: 'unsupported', detail: 'this view follows no logs' });
  }
  return logs();
}

/** Over when the source is proven current, or its attempt failed. Withdrawn, only the waiting ends. */
async function reconnect(
  { hub, clock, connections }: ViewCommandOptions,
  id: string,
  { signal, onProgress }: ViewCommandRun,
): Promise<void> {
  const source = hub.source(id);
  if (source === undefined) {
    await connections.connect(id);
    return;
  }
  const tell = (state: SourceState): void => onProgress(progressOf(state, clock.now()));
  const following = source.onStateChanged(tell);
  try {
    await proveSources({
      sources: [source],
      begin: () => connections.connect(id),
      clock,
      limitMs: RECONNECT_LIMIT_MS,
      signal,
      onProgress: () => tell(source.status().state),
    });
  } finally {
    following.dispose();
  }
}

function progressOf(state: SourceState, now: number): RequestProgress {
  const text = stateText(state, now);
  return state.type === 'syncing' && state.total !== undefined && state.total > 0
    ? { text, fraction: Math.min(1, state.loaded / state.total) }
    : { text };
}
