import * as vscode from 'vscode';
import type { ExportTexts } from './logExport';

/** What is said between lines, in the language of the editor. */
export function exportTexts(): ExportTexts {
  return {
    gap: (from, until) =>
      from === undefined || until === undefined
        ? vscode.l10n.t('gap: lines may be missing here')
        : vscode.l10n.t('gap: lines may be missing from {0} to {1}', from, until),
    restarted: vscode.l10n.t('the container was started anew'),
    letGo: vscode.l10n.t('lines were let go here while they were being read'),
  };
}
