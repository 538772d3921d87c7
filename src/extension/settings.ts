import * as vscode from 'vscode';
import type { DemoScene } from '../demo/demoScene';
import { decodeChoice, decodeHubs, decodeNumber, type HubAddress } from './configuration/decodeSettings';
import { SECTION, type CHOICE_SETTINGS } from './configuration/settingsTable';
import type { EditorProxy } from './platform';

type ConnectOnStart = (typeof CHOICE_SETTINGS)['connectOnStart']['choices'][number];

export type AlertNotificationChoice = (typeof CHOICE_SETTINGS)['alerts.notifications']['choices'][number];

/** The settings of the editor's side as they are now; what cannot be used falls back to the default. */
export const settings = {
  kubeconfigs(): readonly string[] {
    const value = valueOf('kubeconfigs');
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string' && path.trim() !== '') : [];
  },
  async addKubeconfig(path: string): Promise<void> {
    const paths = [...new Set([...settings.kubeconfigs(), path])];
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('kubeconfigs', paths, vscode.ConfigurationTarget.Global);
  },
  hubs(): readonly HubAddress[] {
    return decodeHubs(valueOf('hubs')).value;
  },
  /** What stands there and cannot be used is left for the user to mend. */
  async addHub(url: string): Promise<void> {
    await setHubs([...listOf(valueOf('hubs')), url]);
  },
  async removeHub(url: string): Promise<void> {
    await setHubs(listOf(valueOf('hubs')).filter((entry) => decodeHubs([entry]).value[0]?.url !== url));
  },
  connectOnStart(): ConnectOnStart {
    return decodeChoice('connectOnStart', valueOf('connectOnStart')).value;
  },
  logTailLines(): number {
    return decodeNumber('logs.tailLines', valueOf('logs.tailLines')).value;
  },
  alertNotifications(): AlertNotificationChoice {
    return decodeChoice('alerts.notifications', valueOf('alerts.notifications')).value;
  },
  async turnAlertNotificationsOff(): Promise<void> {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('alerts.notifications', 'off', vscode.ConfigurationTarget.Global);
  },
  demoScene(): DemoScene {
    return decodeChoice('demo.scene', valueOf('demo.scene')).value;
  },
  async setDemoScene(scene: DemoScene): Promise<void> {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('demo.scene', scene, vscode.ConfigurationTarget.Global);
  },
  /** VS Code's own proxy settings, which every extension should honour. */
  editorProxy(): EditorProxy {
    const http = vscode.workspace.getConfiguration('http');
    const proxy: unknown = http.get('proxySupport') === 'off' ? '' : http.get('proxy');
    const noProxy: unknown = http.get('noProxy');
    return {
      proxy: typeof proxy === 'string' ? proxy : '',
      noProxy: Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
    };
  },
  onKubeconfigsChanged(listener: () => void): vscode.Disposable {
    return onChanged('kubeconfigs', listener);
  },
  onHubsChanged(listener: () => void): vscode.Disposable {
    return onChanged('hubs', listener);
  },
  onDemoSceneChanged(listener: () => void): vscode.Disposable {
    return onChanged('demo.scene', listener);
  },
};

async function setHubs(entries: readonly unknown[]): Promise<void> {
  await vscode.workspace
    .getConfiguration(SECTION)
    .update('hubs', entries.length === 0 ? undefined : entries, vscode.ConfigurationTarget.Global);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valueOf(name: string): unknown {
  return vscode.workspace.getConfiguration(SECTION).get(name);
}

function onChanged(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.${name}`)) {
      listener();
    }
  });
}
