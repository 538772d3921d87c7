import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/** Has the texts that host and webviews share speak the editor's language. To be called in each bundle, before what it says is asked for. */
export function localise(): void {
  if (vscode.l10n.bundle !== undefined) {
    l10n.config({ contents: vscode.l10n.bundle });
  }
}
