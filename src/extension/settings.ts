import * as vscode from 'vscode';

const SECTION = 'clusterpersona';

const CONNECT_ON_START = ['remembered', 'current', 'demo', 'none'] as const;
export type ConnectOnStart = (typeof CONNECT_ON_START)[number];

export const DEFAULT_TAIL_LINES = 500;
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
  onKubeconfigsChanged(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.kubeconfigs`)) {
        listener();
      }
    });
  },
};
