import { homedir } from 'node:os';
import type { ExtensionContext } from 'vscode';
import { defaultKubeconfigPaths, readKubeconfigs } from '../cluster/kubeconfigContexts';
import { activateOn } from './activateOn';

/** Entry of the Node.js extension host. */
export function activate(context: ExtensionContext): void {
  activateOn(context, {
    createDemoCluster: async (options) => (await import('../demo/demoCluster')).createDemoCluster(options),
    kubeconfigs: {
      defaultPaths: () => defaultKubeconfigPaths(process.env, homedir()),
      read: readKubeconfigs,
      connect: async (options) => (await import('../cluster/kubeconfigFetch')).openClusterConnection(options),
    },
  });
}
