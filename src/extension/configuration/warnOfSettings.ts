import * as vscode from 'vscode';
import { orSayWhy } from '../orSayWhy';
import { plainText } from '../plainText';
import type { SettingProblem } from './decodeSettings';
import { settingProblemText } from './settingProblemText';
import { scopeOf, SECTION, type SettingName } from './settingsTable';

/** More than this are told of together. */
const MAX_SINGLY = 3;

/** Warns of settings that cannot be used, with a button that leads to them. */
export function warnOfSettings(problems: readonly SettingProblem[]): void {
  if (problems.length > MAX_SINGLY) {
    const text = vscode.l10n.t(
      '{0} settings of ClusterPersona cannot be used. Their defaults count until they are changed; the log says what is wrong.',
      problems.length,
    );
    void orSayWhy(warn(text, problems));
    return;
  }
  for (const problem of problems) {
    void orSayWhy(warn(plainText(settingProblemText(problem)), [problem]));
  }
}

async function warn(text: string, problems: readonly SettingProblem[]): Promise<void> {
  const open = vscode.l10n.t('Open Settings');
  if ((await vscode.window.showWarningMessage(text, open)) === open) {
    await openSettings(problems.map(({ name }) => name));
  }
}

/** In the tab where the first of them is set: the others, if any, are one click away. */
async function openSettings(names: readonly SettingName[]): Promise<void> {
  const query = `@id:${names.map((name) => `${SECTION}.${name}`).join(',')}`;
  const [first] = names;
  const isRemote = vscode.env.remoteName !== undefined;
  if (first !== undefined && isSetByWorkspace(first)) {
    await vscode.commands.executeCommand('workbench.action.openWorkspaceSettings', { query });
  } else if (first !== undefined && isRemote && scopeOf(first) === 'machine') {
    await vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query });
  } else {
    await vscode.commands.executeCommand('workbench.action.openSettings', query);
  }
}

function isSetByWorkspace(name: SettingName): boolean {
  const found = vscode.workspace.getConfiguration(SECTION).inspect(name);
  return found?.workspaceValue !== undefined;
}
