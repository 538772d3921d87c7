import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable';
import { DEMO_SCENES, type DemoScene } from '../demo/demoScene';
import { demoSceneText } from './demoSceneText';
import { demoSceneIconId } from './icons';

export interface DemoSceneQuestion {
  readonly current: DemoScene;
  /** Whether the demo cluster runs: else the user is told that picking starts it. */
  readonly isRunning: boolean;
}

/** Asks which scene the demo cluster shall play; undefined when the user turns away. */
export function pickDemoScene({ current, isRunning }: DemoSceneQuestion): Promise<DemoScene | undefined> {
  const items = DEMO_SCENES.map((scene) => {
    const { title, what } = demoSceneText(scene);
    return {
      label: title,
      detail: what,
      iconPath: new vscode.ThemeIcon(demoSceneIconId(scene)),
      ...(scene === current && { description: vscode.l10n.t('current') }),
      scene,
    };
  });
  const owned = new DisposableStore();
  // Not showQuickPick, which can't begin at the current one.
  const picker = owned.add(vscode.window.createQuickPick<(typeof items)[number]>());
  picker.items = items;
  picker.activeItems = items.filter(({ scene }) => scene === current);
  picker.placeholder = isRunning
    ? vscode.l10n.t('What happens in the demo cluster?')
    : vscode.l10n.t('What happens in the demo cluster? Picking a scene starts it.');
  picker.matchOnDetail = true;
  return new Promise<DemoScene | undefined>((resolve) => {
    owned.add(
      picker.onDidAccept(() => {
        resolve(picker.selectedItems[0]?.scene);
        picker.hide();
      }),
    );
    owned.add(picker.onDidHide(() => resolve(undefined)));
    picker.show();
  }).finally(() => owned.dispose());
}
