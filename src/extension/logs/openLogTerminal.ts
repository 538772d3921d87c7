import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import { ProblemError } from '../../protocol/problem';
import type { ViewCommand } from '../../protocol/requests';
import type { KubeconfigSources } from '../kubeconfigSources';
import type { Platform } from '../platform';
import { settings } from '../settings';
import { kubectlArguments } from './kubectlCommand';

const MAX_NAME_CHARS = 60;
/** What nobody should see in a terminal's title as anything but itself. */
const CONTROL = /\p{Cc}/gu;
/** VS Code puts a value in the place of what begins so in a task, or runs a command for it, and nothing can be said against that. */
const VARIABLE = '${';

let opened = 0;

/**
 * Follows logs with kubectl in a terminal. It is run as a task of one process: there is no shell, so that no name of a pod or context
 * can become a command, and unlike any other terminal it stays when kubectl has ended, with what kubectl said. Throws
 * {@link ProblemError} where there is no kubeconfig, no kubectl, or no such command.
 */
export async function openLogTerminal(
  kubeconfigs: Pick<KubeconfigSources, 'context'>,
  platform: Pick<Platform, 'findProgram' | 'pathDelimiter'>,
  command: Omit<Extract<ViewCommand, { type: 'openLogTerminal' }>, 'type'>,
): Promise<void> {
  const { source, selection, container, previous = false } = command;
  const context = kubeconfigs.context(source);
  if (context === undefined) {
    throw unsupported(vscode.l10n.t('kubectl needs a kubeconfig: this cluster has none here.'));
  }
  const args = kubectlArguments({
    selection,
    context: context.context,
    container,
    previous,
    tailLines: settings.logTailLines(),
  });
  if (args === undefined) {
    throw unsupported(vscode.l10n.t('kubectl cannot follow the pods of one node.'));
  }
  const kubectl = await platform.findProgram?.('kubectl');
  if (kubectl === undefined) {
    throw unsupported(
      vscode.l10n.t(
        'kubectl was not found: install it, or add its folder to PATH, and start the editor anew.',
      ),
    );
  }
  const files = context.mergedPaths ?? [context.path];
  if ([...args, ...files].some((text) => text.includes(VARIABLE))) {
    throw unsupported(
      vscode.l10n.t('A name here has “{0}” in it, which the editor would take for a variable.', VARIABLE),
    );
  }
  const isOne = files.length === 1;
  const execution = new vscode.ProcessExecution(
    kubectl,
    // One file is named; of several kubectl knows by the environment alone.
    isOne ? [...args, `--kubeconfig=${context.path}`] : [...args],
    isOne ? {} : { env: { KUBECONFIG: files.join(platform.pathDelimiter) } },
  );
  // VS Code would ask whether to end one that it takes for the same.
  opened += 1;
  const task = new vscode.Task(
    { type: 'clusterpersona.logs', number: opened },
    vscode.TaskScope.Global,
    cutText(vscode.l10n.t('Logs · {0}', context.context).replaceAll(CONTROL, ''), MAX_NAME_CHARS),
    'kubectl',
    execution,
  );
  task.isBackground = true;
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.New,
    focus: true,
    echo: true,
  };
  await vscode.tasks.executeTask(task);
}

function unsupported(detail: string): ProblemError {
  return new ProblemError({ code: 'unsupported', detail });
}
