import { homedir, networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ExtensionContext } from 'vscode';
import { defaultKubeconfigList } from '../cluster/defaultKubeconfigList';
import { proxyForServer, proxySettingsFromEnvironment } from '../cluster/proxySettings';
import { activateOn } from './activateOn';
import { findProgram, programSearch } from '../node/findProgram';
import { createFile } from '../node/nodeFileWriter';
import { nodeLoadMeter } from '../node/nodeLoadMeter';
import { spillInto } from '../node/spillFile';
import { WorkerScanner } from '../node/workerScanner';
import { systemClock } from '../base/clock';
import { onAddressesChanged } from './onAddressesChanged';

/** Entry of the Node.js extension host. */
export function activate(context: ExtensionContext): void {
  activateOn(context, {
    loadMeter: nodeLoadMeter,
    logScanner: new WorkerScanner(systemClock),
    logSpill: spillInto(join(context.globalStorageUri.fsPath, 'logs'), systemClock),
    onOnline: (clock, callback) => onAddressesChanged(clock, outerAddresses, callback),
    openSocket: (url) => new WebSocket(url),
    pathDelimiter: delimiter,
    createFile,
    findProgram: (name) => findProgram(name, programSearch(process.env, process.platform)),
    fetch: (url, options) => fetch(url, options),
    createDemoCluster: async (options) => (await import('../demo/demoCluster')).createDemoCluster(options),
    kubeconfigs: {
      defaultFiles: () => defaultKubeconfigList(process.env, homedir()),
      read: async (entries) => (await import('../cluster/kubeconfigContexts')).readKubeconfigs(entries),
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
      examine: async (options) => new (await import('../cluster/connectionChecks')).ConnectionChecks(options),
    },
  });
}

/** The addresses under which this machine is reachable from outside itself. */
function outerAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
}
