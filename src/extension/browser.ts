import type { ExtensionContext } from 'vscode';
import { activateOn } from './activateOn';

/** Entry of the browser's extension host: no files and no kubeconfig, but the demo cluster. */
export function activate(context: ExtensionContext): void {
  activateOn(context, {
    createDemoCluster: async (options) => (await import('../demo/demoCluster')).createDemoCluster(options),
  });
}
