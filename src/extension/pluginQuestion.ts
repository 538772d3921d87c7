import * as vscode from 'vscode';
import { oneLine } from '../base/oneLine';
import type { ExecPluginQuestion } from '../cluster/execPlugin';

/** More would not fit a small screen. What is left out is left out in the middle, and said. */
const MAX_HEAD_CHARS = 900;
const MAX_TAIL_CHARS = 300;
const MAX_LABEL_CHARS = 100;

/** Asks whether a program that a kubeconfig names may be run. The one place that shows its arguments. */
export async function askToRunPlugin(plugin: ExecPluginQuestion, label: string): Promise<boolean> {
  const allow = vscode.l10n.t('Allow');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t('Run "{0}" to sign in to {1}?', plugin.program, visible(label)),
    { modal: true, detail: detailOf(plugin) },
    allow,
  );
  return choice === allow;
}

function detailOf({ commandLine, environmentNames }: ExecPluginQuestion): string {
  const environment =
    environmentNames.length === 0
      ? []
      : [vscode.l10n.t('With these environment variables: {0}', shortened(environmentNames.join(', ')))];
  return [
    shortened(commandLine),
    ...environment,
    vscode.l10n.t(
      'The kubeconfig names this program as the source of the credentials. Allow it only if you trust the kubeconfig. Your answer is kept for this context until the program, its arguments or its environment change.',
    ),
  ].join('\n\n');
}

function shortened(text: string): string {
  const omitted = text.length - MAX_HEAD_CHARS - MAX_TAIL_CHARS;
  return omitted <= 0
    ? text
    : `${text.slice(0, MAX_HEAD_CHARS)} ${vscode.l10n.t('[… {0} characters are not shown …]', omitted)} ${text.slice(-MAX_TAIL_CHARS)}`;
}

/** The name of a context may be in any script, but must not hide or turn around what stands beside it. */
function visible(label: string): string {
  return oneLine(label.replaceAll(/\p{Cf}/gu, ''), MAX_LABEL_CHARS);
}
