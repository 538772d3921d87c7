import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { Hub } from '../../hub/hub';
import { logSelectionSchema, type LogSelection } from '../../protocol/logView';
import { asTarget } from '../commandTarget';
import type { LogPanels } from '../panels/logPanels';
import { pickAddon, pickPersona, pickSource } from '../pickers';
import { pickLogs } from './pickLogs';

export interface LogCommandOptions {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly logPanels: LogPanels;
}

/** Logs of what is named: a selection, a node, an add-on; else the add-on is asked for. */
export async function openLogs({ hub, logPanels }: LogCommandOptions, argument: unknown): Promise<void> {
  const target = asTarget(argument);
  const selection = selectionField(argument);
  if (target !== undefined && selection !== undefined) {
    await show(logPanels, target.source, target.name ?? '', selection);
    return;
  }
  if (target?.node !== undefined) {
    await show(logPanels, target.source, target.name ?? '', { type: 'node', node: target.node });
    return;
  }
  const key =
    target?.name === undefined ? await pickPersona(hub) : { source: target.source, name: target.name };
  const addon = key === undefined ? undefined : await pickAddon(hub, key, target?.addon);
  if (key !== undefined && addon !== undefined) {
    await logPanels.show({ ...key, ...addon });
  }
}

/** Asks whose logs are wanted, of a cluster that is asked for where none is named. */
export async function showLogs(
  { hub, clock, logPanels }: LogCommandOptions,
  argument: unknown,
): Promise<void> {
  const source =
    asTarget(argument)?.source ??
    (await pickSource(
      hub,
      clock,
      ({ isConnected, hasFetch }) => isConnected && hasFetch,
      vscode.l10n.t('No cluster is connected whose logs could be read.'),
    ));
  const selection = source === undefined ? undefined : await pickLogs(hub, source);
  if (source !== undefined && selection !== undefined) {
    await show(logPanels, source, '', selection);
  }
}

function show(logPanels: LogPanels, source: string, name: string, selection: LogSelection): Promise<void> {
  const namespace = 'namespace' in selection ? selection.namespace : '';
  return logPanels.show({ source, name, addon: '', namespace, selection });
}

function selectionField(argument: unknown): LogSelection | undefined {
  if (typeof argument !== 'object' || argument === null || !('selection' in argument)) {
    return undefined;
  }
  const decoded = v.safeParse(logSelectionSchema, argument.selection);
  return decoded.success ? decoded.output : undefined;
}
