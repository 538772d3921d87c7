import * as vscode from 'vscode';
import { systemClock } from '../base/clock';
import { systemRandom } from '../base/random';
import { Hub } from '../hub/hub';
import { AlertNotifications } from './alerts/alertNotifications';
import { Awakening } from './awakening';
import { registerCommands } from './commands';
import { Connections } from './connections';
import { DemoSource } from './demoSource';
import { LazyDoctor } from './diagnosis/lazyDoctor';
import { KubeconfigSources } from './kubeconfigSources';
import { localise } from './localise';
import { createLog } from './log';
import { DetailPanels } from './panels/detailPanels';
import { LogPanels } from './panels/logPanels';
import type { Platform } from './platform';
import { PluginConsent } from './pluginConsent';
import { askToRunPlugin } from './pluginQuestion';
import { StatusBar } from './statusBar';
import { RowDecorations } from './tree/rowDecorations';
import { SourcesView } from './tree/sourcesView';

/** Wires everything together. Nothing here waits: what takes time shows its progress in the tree. */
export function activateOn(context: vscode.ExtensionContext, platform: Platform): void {
  localise();
  const own = <T extends { dispose(): void }>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = createLog();
  const { channel, logger } = log;
  const clock = systemClock;
  const hub = own(new Hub({ clock, random: systemRandom, logger }));
  const consent = own(new PluginConsent({ memory: context.globalState, hub, clock, ask: askToRunPlugin }));
  const kubeconfigs = own(new KubeconfigSources({ context, hub, platform, consent, clock, logger }));
  const demo = own(new DemoSource({ hub, platform, clock, random: systemRandom, logger }));
  const connections = own(new Connections({ hub, demo, consent, kubeconfigs, memory: context.globalState }));
  own(new StatusBar(hub, clock));
  own(new RowDecorations(hub, clock));
  own(new AlertNotifications(hub, clock));
  const view = own(new SourcesView({ hub, kubeconfigs, demo, clock }));
  const panels = { context, hub, connections, clock, random: systemRandom, logger, log: channel };
  const logPanels = own(new LogPanels(panels));
  const detailPanels = own(new DetailPanels(panels));
  const version = String(context.extension.packageJSON.version);
  const doctor = own(new LazyDoctor({ hub, kubeconfigs, clock, logger, version }));
  own(
    registerCommands({
      context,
      hub,
      connections,
      kubeconfigs,
      demo,
      detailPanels,
      logPanels,
      doctor,
      view,
      channel,
      clock,
    }),
  );
  void vscode.commands.executeCommand(
    'setContext',
    'clusterpersona.isBrowser',
    platform.kubeconfigs === undefined,
  );
  own(new Awakening(platform, clock, systemRandom, hub));
  // Last, since the others have something to say while they end.
  own(log);
  void start(kubeconfigs, connections).catch((error: unknown) => logger.error('The start failed', error));
}

async function start(kubeconfigs: KubeconfigSources, connections: Connections): Promise<void> {
  await kubeconfigs.refresh();
  await vscode.commands.executeCommand('setContext', 'clusterpersona.ready', true);
  await connections.connectOnStart();
}
