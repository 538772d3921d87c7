import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Hub } from '../hub/hub';
import type { Source } from '../hub/source';
import { addonNamespace } from '../persona/addonNamespace';
import type { PersonaKey } from '../protocol/summaryRow';
import { phaseText } from '../texts/personaText';
import { stateText } from '../texts/stateText';
import { personaIcon, stateIcon } from './icons';
import { plainLabel, plainText } from './plainText';

/** A source as an item of a pick list. */
export function sourceItem(source: Source, now: number): vscode.QuickPickItem & { readonly source: string } {
  const { label, state, kind } = source.status();
  return {
    label: plainLabel(label),
    description: stateText(state, now),
    iconPath: stateIcon(state, kind),
    source: source.id,
  };
}

/** Asks for one of the sources that fit; `nothing` is said when none does. */
export async function pickSource(
  hub: Hub,
  clock: Clock,
  fits: (source: Source) => boolean,
  nothing: string,
): Promise<string | undefined> {
  const items = hub
    .sources()
    .filter(fits)
    .map((source) => sourceItem(source, clock.now()));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(nothing);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which cluster?') });
  return picked?.source;
}

export async function pickPersona(hub: Hub): Promise<PersonaKey | undefined> {
  const items = hub.sources().flatMap((source) =>
    [...source.rows()].map((row) => ({
      label: plainLabel(row.name),
      description: phaseText(row.phase),
      detail: plainLabel(source.definition.label),
      iconPath: personaIcon(row.phase, row.health),
      key: { source: row.source, name: row.name },
    })),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no cluster to open yet. Connect a context, or start the demo cluster.'),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Which cluster?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.key;
}

export interface AddonChoice {
  readonly addon: string;
  readonly namespace: string;
}

/** The add-on called `wanted`, else the one the user picks; said when there is none with pods. */
export async function pickAddon(
  hub: Hub,
  { source, name }: PersonaKey,
  wanted: string | undefined,
): Promise<AddonChoice | undefined> {
  const addons = (hub.source(source)?.persona(name)?.status?.addons ?? []).flatMap((addon): AddonChoice[] => {
    const namespace = addonNamespace(addon);
    return namespace === undefined ? [] : [{ addon: addon.name, namespace }];
  });
  const found = addons.find(({ addon }) => addon === wanted);
  if (found !== undefined) {
    return found;
  }
  if (addons.length === 0 || wanted !== undefined) {
    void vscode.window.showInformationMessage(
      wanted === undefined
        ? vscode.l10n.t(
            '{0} reports no installed add-on with a namespace, so there are no pods to follow.',
            plainText(name),
          )
        : vscode.l10n.t(
            '{0} is not installed in {1}, or its namespace is not known.',
            plainText(wanted),
            plainText(name),
          ),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    addons.map((choice) => ({
      label: plainLabel(choice.addon),
      description: plainLabel(choice.namespace),
      choice,
    })),
    { placeHolder: vscode.l10n.t("Which add-on's log?") },
  );
  return picked?.choice;
}
