import { homedir } from 'node:os';
import type { ExtensionContext } from 'vscode';
import { defaultKubeconfigList, readKubeconfigs } from '../cluster/kubeconfigContexts';
import { proxyForServer, proxySettingsFromEnvironment } from '../cluster/proxySettings';
import { activateOn } from './activateOn';

/** Entry of the Node.js extension host. */
export function activate(context: ExtensionContext): void {
  activateOn(context, {
    createDemoCluster: async (options) => (await import('../demo/demoCluster')).createDemoCluster(options),
    kubeconfigs: {
      defaultFiles: () => defaultKubeconfigList(process.env, homedir()),
      read: readKubeconfigs,
      proxyFor: (server, { proxy, noProxy }) => {
        const environment = proxySettingsFromEnvironment(process.env);
        return proxyForServer(
          proxy === ''
            ? environment
            : { https: proxy, http: proxy, noProxy: [...noProxy, ...environment.noProxy] },
          server,
        );
      },
      connect: async (options) => (await import('../cluster/kubeconfigFetch')).openClusterConnection(options),
    },
  });
}
