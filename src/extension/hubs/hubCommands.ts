import * as vscode from 'vscode';
import { toDisposable } from '../../base/disposable';
import { parseHubUrl, type HubUrlFault } from '../../remote/hubUrl';
import type { HubTrial } from '../../remote/tryHub';
import { countText } from '../../texts/countText';
import { problemText } from '../../texts/problemText';
import type { Credentials } from '../../transport/credentials';
import type { HubAddress } from '../configuration/decodeSettings';
import { plainLabel, plainText } from '../plainText';
import { settings } from '../settings';
import type { Hubs } from './hubs';
import type { HubTokens } from './hubTokens';

export interface HubCommandOptions {
  readonly hubs: Hubs;
  readonly tokens: HubTokens;
}

/** Asks for an address and a token, tries both, and adds the hub to the settings. */
export async function addHub({ hubs, tokens }: HubCommandOptions): Promise<void> {
  const address = await askAddress();
  if (address === undefined) {
    return;
  }
  if (settings.hubs().some(({ url }) => url === address.url)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is there already.', plainText(address.label)),
    );
    hubs.retry(address.url);
    return;
  }
  const token = await askToken(address);
  if (token === undefined || !(await isWanted(hubs, address, token))) {
    return;
  }
  await tokens.set(address.url, token === '' ? undefined : token);
  await settings.setHubs([...settings.hubs().map(({ url }) => url), address.url]);
  await vscode.commands.executeCommand('clusterpersona.sources.focus');
}

/** Takes a hub, and its token, away. */
export async function removeHub({ hubs, tokens }: HubCommandOptions, url: string | undefined): Promise<void> {
  const address = await pickHub(hubs, url);
  if (address === undefined) {
    return;
  }
  await settings.setHubs(
    settings
      .hubs()
      .map((other) => other.url)
      .filter((other) => other !== address.url),
  );
  await tokens.set(address.url, undefined);
}

/** Asks for another token; an empty one takes it away. */
export async function setHubToken(
  { hubs, tokens }: HubCommandOptions,
  url: string | undefined,
): Promise<void> {
  const address = await pickHub(hubs, url);
  const token = address === undefined ? undefined : await askToken(address);
  if (address === undefined || token === undefined) {
    return;
  }
  await tokens.set(address.url, token === '' ? undefined : token);
  hubs.retry(address.url);
}

async function pickHub(hubs: Hubs, url: string | undefined): Promise<HubAddress | undefined> {
  const { addresses } = hubs;
  const known = addresses.find((address) => address.url === url);
  if (known !== undefined) {
    return known;
  }
  if (addresses.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No hub was added yet.'));
    return undefined;
  }
  const items = addresses.map((address) => ({ label: plainLabel(address.label), address }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which hub?') });
  return picked?.address;
}

async function askAddress(): Promise<HubAddress | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add a hub (1 of 2)'),
    prompt: vscode.l10n.t('The address of the hub'),
    placeHolder: 'https://hub.example.com',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const parsed = parseHubUrl(value);
      return value.trim() === '' || parsed.ok ? undefined : faultText(parsed.wrong);
    },
  });
  const parsed = parseHubUrl(typed ?? '');
  return parsed.ok ? parsed : undefined;
}

function faultText(fault: HubUrlFault): string {
  switch (fault) {
    case 'malformed':
      return vscode.l10n.t('An address begins with https:// and the name of a server.');
    case 'credentials':
      return vscode.l10n.t(
        'No user, password or token belongs into an address: it is kept in the settings, in the clear. The token is asked for next.',
      );
    case 'unencrypted':
      return vscode.l10n.t(
        'Use https: without it anybody on the way could read the token and what the hub says.',
      );
    default:
      return fault satisfies never;
  }
}

/** Undefined where the user has left it; empty where there is none. */
async function askToken({ label }: HubAddress): Promise<string | undefined> {
  const token = await vscode.window.showInputBox({
    title: vscode.l10n.t('Token for {0}', label),
    prompt: vscode.l10n.t(
      'Kept in the store of secrets of this editor. Leave it empty for a hub that wants none.',
    ),
    password: true,
    ignoreFocusOut: true,
  });
  return token?.trim();
}

/** Tries the hub; where nothing comes of it the user says whether to add it all the same. */
async function isWanted(hubs: Hubs, address: HubAddress, token: string): Promise<boolean> {
  const credentials: Credentials = {
    token: () => Promise.resolve(token === '' ? undefined : { token }),
    onChanged: () => toDisposable(() => undefined),
  };
  for (;;) {
    const trial = await tried(hubs, address, credentials);
    if (trial === undefined) {
      return false;
    }
    if (trial.ok) {
      void vscode.window.showInformationMessage(
        countText(
          trial.clusters,
          vscode.l10n.t('{0} answers, and has 1 cluster.', plainText(address.label)),
          vscode.l10n.t('{0} answers, and has {1} clusters.', plainText(address.label), trial.clusters),
        ),
      );
      return true;
    }
    const [again, anyway] = [vscode.l10n.t('Try Again'), vscode.l10n.t('Add Anyway')];
    const { what, remedy } = problemText(trial.problem, address.label, 'hub');
    const choice = await vscode.window.showWarningMessage(plainText(`${what} ${remedy}`), again, anyway);
    if (choice !== again) {
      return choice === anyway;
    }
  }
}

/** Undefined where the user no longer waits. */
async function tried(
  hubs: Hubs,
  address: HubAddress,
  credentials: Credentials,
): Promise<HubTrial | undefined> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Trying {0}', plainText(address.label)),
      cancellable: true,
    },
    async (_, cancellation) => {
      const abort = new AbortController();
      const listening = cancellation.onCancellationRequested(() => abort.abort());
      try {
        return await hubs.try(address, credentials, abort.signal);
      } catch (error) {
        if (abort.signal.aborted) {
          return undefined;
        }
        throw error;
      } finally {
        listening.dispose();
      }
    },
  );
}
