import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import { ProblemError } from '../../protocol/problem';
import type { ViewCommand } from '../../protocol/requests';
import type { KubeconfigSources } from '../kubeconfigSources';
import { settings } from '../settings';
import { kubectlArguments, shellText } from './kubectlCommand';

const MAX_NAME_CHARS = 60;
/** What nobody should see in a terminal's banner as anything but itself. */
const CONTROL = /\p{Cc}/gu;

/**
 * Follows logs with kubectl in a terminal. The terminal runs kubectl itself and no shell, so that no name of a pod or context can
 * become a command. Throws {@link ProblemError} where there is no kubeconfig, or no such command.
 */
export function openLogTerminal(
  kubeconfigs: Pick<KubeconfigSources, 'context'>,
  pathDelimiter: string,
  { source, selection, previous = false }: Omit<Extract<ViewCommand, { type: 'openLogTerminal' }>, 'type'>,
): void {
  const context = kubeconfigs.context(source);
  if (context === undefined) {
    throw new ProblemError({
      code: 'unsupported',
      detail: vscode.l10n.t('kubectl needs a kubeconfig: this cluster has none here'),
    });
  }
  const args = kubectlArguments({
    selection,
    context: context.context,
    previous,
    tailLines: settings.logTailLines(),
  });
  if (args === undefined) {
    throw new ProblemError({
      code: 'unsupported',
      detail: vscode.l10n.t('kubectl cannot follow the pods of one node'),
    });
  }
  const files = context.mergedPaths ?? [context.path];
  const isOne = files.length === 1;
  // One file is named; of several kubectl knows by the environment alone.
  const all = isOne ? [...args, `--kubeconfig=${context.path}`] : args;
  const terminal = vscode.window.createTerminal({
    name: cutText(vscode.l10n.t('Logs · {0}', context.context).replaceAll(CONTROL, ''), MAX_NAME_CHARS),
    iconPath: new vscode.ThemeIcon('output'),
    shellPath: 'kubectl',
    shellArgs: [...all],
    env: isOne ? {} : { KUBECONFIG: files.join(pathDelimiter) },
    message: shellText('kubectl', all).replaceAll(CONTROL, ''),
  });
  terminal.show();
}
