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
  async setHubs(urls: readonly string[]): Promise<void> {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('hubs', urls.length === 0 ? undefined : urls, vscode.ConfigurationTarget.Global);
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
