import type { ExtensionContext } from 'vscode';
import { toDisposable } from '../base/disposable';
import { unknownLoad } from '../base/loadMeter';
import { activateOn } from './activateOn';

/** The worker that the extension host runs in: Node's types know nothing of it. */
declare const self: {
  addEventListener(type: 'online', listener: () => void): void;
  removeEventListener(type: 'online', listener: () => void): void;
};

/** Entry of the browser's extension host: no files and no kubeconfig, but the demo cluster. */
export function activate(context: ExtensionContext): void {
  activateOn(context, {
    // A worker is told neither how busy its event loop is nor how much memory it may use.
    loadMeter: unknownLoad,
    onOnline: (_, callback) => {
      self.addEventListener('online', callback);
      return toDisposable(() => self.removeEventListener('online', callback));
    },
    pathDelimiter: ':',
    openSocket: (url) => new WebSocket(url),
    fetch: (url, options) => fetch(url, options),
    createDemoCluster: async (options) => (await import('../demo/demoCluster')).createDemoCluster(options),
  });
}
