import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Hub } from '../hub/hub';
import { showAlerts } from './alerts/showAlerts';
import { asTarget } from './commandTarget';
import type { Connections } from './connections';
import { openCrd } from './crdDocument';
import { pickDemoScene } from './demoScenePicker';
import type { DemoSource } from './demoSource';
import type { LazyDoctor } from './diagnosis/lazyDoctor';
import { failureText } from './failureText';
import {
  addHub,
  copyHubAddress,
  openHubPage,
  removeHub,
  setHubToken,
  signOutHub,
  testHub,
} from './hubs/hubCommands';
import type { Hubs } from './hubs/hubs';
import type { HubTokens } from './hubs/hubTokens';
import type { KubeconfigSources } from './kubeconfigSources';
import { openLogs, showLogs } from './logs/logCommands';
import type { DetailPanels } from './panels/detailPanels';
import type { LogPanels } from './panels/logPanels';
import { pickPersona, pickSource } from './pickers';
import type { Refresh } from './refresh';
import { settings } from './settings';
import { showStatusMenu } from './statusMenu';
import type { SourcesView } from './tree/sourcesView';

export interface CommandOptions {
  readonly context: vscode.ExtensionContext;
  readonly hub: Hub;
  readonly connections: Connections;
  readonly kubeconfigs: KubeconfigSources;
  readonly hubs: Hubs;
  readonly tokens: HubTokens;
  readonly demo: DemoSource;
  readonly detailPanels: DetailPanels;
  readonly logPanels: LogPanels;
  readonly doctor: LazyDoctor;
  readonly refresh: Refresh;
  readonly view: SourcesView;
  readonly channel: vscode.LogOutputChannel;
  readonly clock: Clock;
}

/**
 * Every command of the manifest. Each takes the row or the key it is about, or asks when it comes from the palette: a
 * command is never greyed out, it says instead what is missing.
 */
export function registerCommands(options: CommandOptions): vscode.Disposable {
  const { hub, connections, kubeconfigs, demo, doctor, refresh, channel, clock } = options;
  const registered = new DisposableStore();
  const add = (name: string, run: (argument: unknown) => Promise<void> | void): void => {
    registered.add(
      vscode.commands.registerCommand(`clusterpersona.${name}`, async (argument: unknown) => {
        try {
          await run(argument);
        } catch (error) {
          // VS Code says it in a notification.
          throw new Error(failureText(error), { cause: error });
        }
      }),
    );
  };
  const onSource = (
    name: string,
    pick: () => Promise<string | undefined>,
    run: (id: string) => Promise<void>,
  ): void =>
    add(name, async (argument) => {
      const id = asTarget(argument)?.source ?? (await pick());
      if (id !== undefined) {
        await run(id);
      }
    });

  add('refresh', () => refresh.run());
  add('stopRefresh', () => refresh.stop());
  onSource(
    'connect',
    () =>
      pickSource(
        hub,
        clock,
        (source) => !source.isConnected,
        hub.sources().some(({ definition }) => definition.kind === 'kubeconfig')
          ? vscode.l10n.t('Every context is connected already.')
          : vscode.l10n.t('No kubeconfig names a context.'),
      ),
    (id) => connections.connect(id),
  );
  onSource(
    'reconnect',
    () => pickSource(hub, clock, (source) => source.isConnected, vscode.l10n.t('No cluster is connected.')),
    (id) => connections.connect(id),
  );
  onSource(
    'disconnect',
    () => pickSource(hub, clock, (source) => source.isConnected, vscode.l10n.t('No cluster is connected.')),
    (id) => connections.disconnect(id),
  );
  onSource(
    'switchContext',
    () =>
      pickSource(
        hub,
        clock,
        (source) => source.definition.kind === 'kubeconfig',
        vscode.l10n.t('No kubeconfig names a context.'),
      ),
    (id) => connections.switchTo(id),
  );
  onSource(
    'diagnose',
    () =>
      pickSource(
        hub,
        clock,
        () => true,
        vscode.l10n.t(
          'There is no connection to diagnose: no kubeconfig names a context, and no hub was added.',
        ),
      ),
    (id) => doctor.diagnose(id),
  );
  add('saveDiagnosis', (argument) => doctor.save(asUri(argument)));
  add('copyDiagnosis', (argument) => doctor.copy(asUri(argument)));
  add('startDemo', () => connections.startDemo());
  add('stopDemo', () => connections.stopDemo());
  add('pickDemoScene', async () => {
    const scene = await pickDemoScene({ current: settings.demoScene(), isRunning: demo.isRunning });
    if (scene === undefined) {
      return;
    }
    await settings.setDemoScene(scene);
    if (!demo.isRunning) {
      await connections.startDemo();
    }
  });
  add('openDetail', async (argument) => {
    const target = asTarget(argument);
    const key =
      target?.name === undefined ? await pickPersona(hub) : { source: target.source, name: target.name };
    if (key !== undefined) {
      await options.detailPanels.show(key, target?.preserveFocus === true);
    }
  });
  add('openSelected', async () => {
    const target = asTarget(await options.view.selected());
    if (target?.name !== undefined) {
      // Arrow keys go on in the tree.
      await options.detailPanels.show({ source: target.source, name: target.name }, true);
    }
  });
  add('openLogs', (argument) => openLogs(options, argument));
  add('showLogs', (argument) => showLogs(options, argument));
  add('markSeen', (argument) => {
    const target = asTarget(argument);
    const sources = hub.sources().filter(({ id }) => target === undefined || target.source === id);
    if (sources.every(({ away }) => away.unseenCount === 0)) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Nothing changed while you were away that was not seen yet.'),
      );
      return;
    }
    for (const { away } of sources) {
      for (const name of target?.name === undefined ? away.unseen() : [target.name]) {
        away.markSeen(name);
      }
    }
  });
  add('addHub', () => addHub(options));
  add('removeHub', (argument) => removeHub(options, hubUrlOf(options.hubs, argument)));
  add('setHubToken', (argument) => setHubToken(options, hubUrlOf(options.hubs, argument)));
  add('signOutHub', (argument) => signOutHub(options, hubUrlOf(options.hubs, argument)));
  add('testHub', (argument) => testHub(options, hubUrlOf(options.hubs, argument)));
  add('openHubPage', (argument) => openHubPage(options, hubUrlOf(options.hubs, argument)));
  add('copyHubAddress', (argument) => copyHubAddress(options, hubUrlOf(options.hubs, argument)));
  add('reconnectHub', (argument) => {
    const url = hubUrlOf(options.hubs, argument);
    if (url !== undefined) {
      options.hubs.retry(url);
    }
  });
  add('addKubeconfig', addKubeconfig);
  add('openKubeconfig', async (argument) => {
    const source = asTarget(argument)?.source;
    const context = source === undefined ? undefined : kubeconfigs.context(source);
    if (context !== undefined) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(context.path));
    }
  });
  add('showCrd', () => openCrd(options.context));
  add('showLog', () => channel.show());
  add('showAlerts', () => showAlerts(hub, clock));
  add('showMenu', () => showStatusMenu({ hub, demo, refresh, clock }));
  add('openSettings', async () => {
    await vscode.commands.executeCommand(
      'workbench.action.openSettings',
      '@ext:clusterpersona.clusterpersona',
    );
  });
  add('copyName', async (argument) => {
    const text = asTarget(argument ?? options.view.selection)?.text(hub);
    if (text !== undefined) {
      await vscode.env.clipboard.writeText(text);
    }
  });
  return registered;
}

/** The hub that a row stands for, or through which it is followed. */
function hubUrlOf(hubs: Hubs, argument: unknown): string | undefined {
  if (typeof argument === 'object' && argument !== null && 'url' in argument) {
    return typeof argument.url === 'string' ? argument.url : undefined;
  }
  const source = asTarget(argument)?.source;
  return source === undefined ? undefined : hubs.hubOf(source)?.url;
}

/** What a title's action is about. */
function asUri(argument: unknown): vscode.Uri | undefined {
  return argument instanceof vscode.Uri ? argument : undefined;
}

async function addKubeconfig(): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    title: vscode.l10n.t('Choose a kubeconfig file'),
    openLabel: vscode.l10n.t('Add'),
  });
  const file = chosen?.[0];
  if (file !== undefined) {
    await settings.addKubeconfig(file.fsPath);
  }
}
