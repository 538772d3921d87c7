import * as vscode from 'vscode';
import { DEMO_SCENES, type DemoScene } from '../demo/demoScene';
import type { EditorProxy } from './platform';

const SECTION = 'clusterpersona';

const CONNECT_ON_START = ['remembered', 'current', 'demo', 'none'] as const;
type ConnectOnStart = (typeof CONNECT_ON_START)[number];

const ALERT_NOTIFICATIONS = ['off', 'critical', 'all'] as const;
export type AlertNotificationChoice = (typeof ALERT_NOTIFICATIONS)[number];

const DEFAULT_TAIL_LINES = 500;
const MAX_TAIL_LINES = 5_000;

/** The settings as they are now; what cannot be used falls back to the default. */
export const settings = {
  kubeconfigs(): readonly string[] {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get('kubeconfigs');
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string' && path.trim() !== '') : [];
  },
  async addKubeconfig(path: string): Promise<void> {
    const paths = [...new Set([...settings.kubeconfigs(), path])];
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('kubeconfigs', paths, vscode.ConfigurationTarget.Global);
  },
  connectOnStart(): ConnectOnStart {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get('connectOnStart');
    return CONNECT_ON_START.find((choice) => choice === value) ?? 'remembered';
  },
  logTailLines(): number {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get('logs.tailLines');
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TAIL_LINES
      ? value
      : DEFAULT_TAIL_LINES;
  },
  alertNotifications(): AlertNotificationChoice {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get('alerts.notifications');
    return ALERT_NOTIFICATIONS.find((choice) => choice === value) ?? 'critical';
  },
  async turnAlertNotificationsOff(): Promise<void> {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('alerts.notifications', 'off', vscode.ConfigurationTarget.Global);
  },
  demoScene(): DemoScene {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get('demo.scene');
    return DEMO_SCENES.find((scene) => scene === value) ?? 'calm';
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
  onDemoSceneChanged(listener: () => void): vscode.Disposable {
    return onChanged('demo.scene', listener);
  },
};

function onChanged(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.${name}`)) {
      listener();
    }
  });
}
