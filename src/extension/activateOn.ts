import * as vscode from 'vscode';
import { systemClock } from '../base/clock';
import { systemRandom } from '../base/random';
import { CommandRuns } from '../hub/commandRuns';
import { Hub } from '../hub/hub';
import { AlertNotifications } from './alerts/alertNotifications';
import { Awakening } from './awakening';
import { registerCommands } from './commands';
import { EditorSettings } from './configuration/editorSettings';
import { warnOfSettings } from './configuration/warnOfSettings';
import { Connections } from './connections';
import { DemoSource } from './demoSource';
import { LazyDoctor } from './diagnosis/lazyDoctor';
import { Hubs } from './hubs/hubs';
import { HubTokens } from './hubs/hubTokens';
import { KubeconfigSources } from './kubeconfigSources';
import { localise } from './localise';
import { createLog } from './log';
import { LogDocuments } from './logs/logDocuments';
import { DetailPanels } from './panels/detailPanels';
import { LogPanels } from './panels/logPanels';
import type { Platform } from './platform';
import { PluginConsent } from './pluginConsent';
import { askToRunPlugin } from './pluginQuestion';
import { Refresh } from './refresh';
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
  const settings = own(new EditorSettings({ logger, onWrong: warnOfSettings }));
  const { loadMeter, logScanner, logSpill } = platform;
  const hub = own(
    new Hub({
      clock,
      random: systemRandom,
      logger,
      settings,
      loadMeter,
      ...(logScanner === undefined ? {} : { logScanner }),
      ...(logSpill === undefined ? {} : { logSpill }),
    }),
  );
  const awakening = own(
    new Awakening(platform, clock, systemRandom, hub, (error) => logger.error('A listener failed', error)),
  );
  const tokens = new HubTokens(context.secrets);
  const hubs = own(
    new Hubs({
      hub,
      platform,
      tokens,
      connection: settings.connection,
      clock,
      random: systemRandom,
      logger,
      onAwake: awakening.onAwake,
    }),
  );
  const consent = own(new PluginConsent({ memory: context.globalState, hub, clock, ask: askToRunPlugin }));
  const kubeconfigs = own(new KubeconfigSources({ context, hub, platform, consent, clock, logger }));
  const demo = own(new DemoSource({ hub, platform, clock, random: systemRandom, logger }));
  const connections = own(
    new Connections({ hub, hubs, demo, consent, kubeconfigs, memory: context.globalState }),
  );
  own(new StatusBar({ hub, hubs, clock }));
  own(new RowDecorations(hub, clock));
  own(new AlertNotifications(hub, clock));
  const view = own(new SourcesView({ hub, kubeconfigs, hubs, demo, clock }));
  const panels = {
    context,
    hub,
    connections,
    clock,
    random: systemRandom,
    logger,
    log: channel,
    kubeconfigs,
    platform,
    logDocuments: own(new LogDocuments()),
  };
  const logPanels = own(new LogPanels(panels));
  const detailPanels = own(new DetailPanels(panels));
  const version = String(context.extension.packageJSON.version);
  const runs = own(new CommandRuns({ hub, clock, logger }));
  const doctor = own(new LazyDoctor({ hub, kubeconfigs, hubs, runs, clock, logger, version }));
  const refresh = new Refresh({ hub, kubeconfigs, runs, clock });
  own(
    registerCommands({
      context,
      hub,
      connections,
      kubeconfigs,
      hubs,
      tokens,
      demo,
      detailPanels,
      logPanels,
      doctor,
      refresh,
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
  // Last, since the others have something to say while they end.
  own(log);
  void start(kubeconfigs, hubs, connections).catch((error: unknown) =>
    logger.error('The start failed', error),
  );
}

async function start(kubeconfigs: KubeconfigSources, hubs: Hubs, connections: Connections): Promise<void> {
  // Whoever has hubs alone is not welcomed as somebody who has nothing.
  await Promise.all([kubeconfigs.refresh(), hubs.prepare()]);
  await vscode.commands.executeCommand('setContext', 'clusterpersona.ready', true);
  await connections.connectOnStart();
}
