import * as vscode from 'vscode';
import type { DemoScene } from '../demo/demoScene';

export interface DemoSceneText {
  /** Lower case, as it stands beside a name. */
  readonly word: string;
  readonly title: string;
  /** What happens in it, in one line. */
  readonly what: string;
}

export function demoSceneText(scene: DemoScene): DemoSceneText {
  switch (scene) {
    case 'calm':
      return {
        word: vscode.l10n.t('calm'),
        title: vscode.l10n.t('Calm'),
        what: vscode.l10n.t('Little happens, and trouble is rare.'),
      };
    case 'incident':
      return {
        word: vscode.l10n.t('incident'),
        title: vscode.l10n.t('Incident'),
        what: vscode.l10n.t('One cluster at a time goes badly wrong, and recovers.'),
      };
    case 'upgrade':
      return {
        word: vscode.l10n.t('upgrade'),
        title: vscode.l10n.t('Upgrade'),
        what: vscode.l10n.t('Everything is upgraded, node by node.'),
      };
    case 'storm':
      return {
        word: vscode.l10n.t('storm'),
        title: vscode.l10n.t('Storm'),
        what: vscode.l10n.t('Many changes a second, everywhere.'),
      };
    default:
      return scene satisfies never;
  }
}
