import * as vscode from 'vscode';
import { toDisposable } from '../../base/disposable';
import { parseHubUrl, type HubUrlFault } from '../../remote/hubUrl';
import type { HubTrial } from '../../remote/tryHub';
import { countText } from '../../texts/countText';
import { problemText } from '../../texts/problemText';
import { degradedText, routeText } from '../../texts/routeText';
import type { Credentials } from '../../transport/credentials';
import { isBearerToken } from '../../transport/isBearerToken';
import type { HubAddress } from '../configuration/decodeSettings';
import { plainLabel, plainText } from '../plainText';
import { settings } from '../settings';
import type { Hubs } from './hubs';
import type { HubTokens } from './hubTokens';

export interface HubCommandOptions {
  readonly hubs: Hubs;
  readonly tokens: HubTokens;
}

type TypedAddress = HubAddress & { readonly isUnencrypted: boolean };

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
  // A token is never sent where anybody could read it.
  const typed = address.isUnencrypted ? '' : await askToken(address);
  const token = typed === undefined ? undefined : await tokenOfWanted(hubs, address, typed);
  if (token === undefined) {
    return;
  }
  await tokens.set(address.url, token === '' ? undefined : token);
  try {
    await settings.addHub(address.url);
  } catch (error) {
    // Nobody would ever take it away.
    await tokens.set(address.url, undefined);
    throw error;
  }
  await vscode.commands.executeCommand('clusterpersona.sources.focus');
}

/** Takes a hub, and its token, away. */
export async function removeHub({ hubs, tokens }: HubCommandOptions, url: string | undefined): Promise<void> {
  const address = await pickHub(hubs, url);
  if (address === undefined) {
    return;
  }
  await settings.removeHub(address.url);
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

/** Forgets the token, and with it the connection that was let in by it. */
export async function signOutHub(
  { hubs, tokens }: HubCommandOptions,
  url: string | undefined,
): Promise<void> {
  const address = await pickHub(hubs, url);
  if (address !== undefined) {
    await tokens.set(address.url, undefined);
  }
}

/** Tries a hub as it is set up, and says what it finds. */
export async function testHub({ hubs, tokens }: HubCommandOptions, url: string | undefined): Promise<void> {
  const address = await pickHub(hubs, url);
  const trial = address && (await tried(hubs, address, tokens.credentials(address.url)));
  if (address === undefined || trial === undefined) {
    return;
  }
  if (trial.ok) {
    void vscode.window.showInformationMessage(foundText(address, trial));
  } else {
    const { what, remedy } = problemText(trial.problem, address.label, 'hub');
    void vscode.window.showWarningMessage(plainText(`${what} ${remedy}`));
  }
}

/** Shows the hub's own page in a browser. */
export async function openHubPage({ hubs }: HubCommandOptions, url: string | undefined): Promise<void> {
  const address = await pickHub(hubs, url);
  if (address !== undefined) {
    await vscode.env.openExternal(vscode.Uri.parse(address.url, true));
  }
}

export async function copyHubAddress({ hubs }: HubCommandOptions, url: string | undefined): Promise<void> {
  const address = await pickHub(hubs, url);
  if (address !== undefined) {
    await vscode.env.clipboard.writeText(address.url);
  }
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

async function askAddress(): Promise<TypedAddress | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add a hub (1 of 2)'),
    prompt: vscode.l10n.t('The address of the hub'),
    placeHolder: 'https://hub.example.com',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const parsed = parseHubUrl(value);
      if (value.trim() === '') {
        return undefined;
      }
      return parsed.ok ? (parsed.isUnencrypted ? unencryptedWarning() : undefined) : faultText(parsed.wrong);
    },
  });
  const parsed = parseHubUrl(typed ?? '');
  return parsed.ok ? parsed : undefined;
}

function unencryptedWarning(): vscode.InputBoxValidationMessage {
  return {
    severity: vscode.InputBoxValidationSeverity.Warning,
    message: vscode.l10n.t(
      'Without https anybody on the way can read and change what the hub says. No token is ever sent there.',
    ),
  };
}

function faultText(fault: HubUrlFault): string {
  switch (fault) {
    case 'malformed':
      return vscode.l10n.t('An address begins with https:// and the name of a server.');
    case 'credentials':
      return vscode.l10n.t(
        'No user, password or token belongs into an address: it is kept in the settings, in the clear. The token is asked for next.',
      );
    default:
      return fault satisfies never;
  }
}

/** Undefined where the user has left it; empty where there is none. */
async function askToken({ label }: HubAddress): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Token for {0}', label),
    prompt: vscode.l10n.t(
      'Kept in the store of secrets of this editor. Leave it empty for a hub that wants none.',
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const token = tokenOf(value);
      return token === '' || isBearerToken(token)
        ? undefined
        : vscode.l10n.t('A token has letters, digits and - . _ ~ + / = alone, and no spaces.');
    },
  });
  return typed === undefined ? undefined : tokenOf(typed);
}

/** As it is, where it was copied with the word that goes before it in a header. */
function tokenOf(typed: string): string {
  return typed.trim().replace(/^bearer\s+/i, '');
}

/**
 * Tries the hub; where nothing comes of it the user says whether to add it all the same. The token to add it with, which may be
 * another one by then; undefined where it is not to be added.
 */
async function tokenOfWanted(hubs: Hubs, address: TypedAddress, typed: string): Promise<string | undefined> {
  let token = typed;
  for (;;) {
    const trial = await tried(hubs, address, credentialsOf(token));
    if (trial === undefined) {
      return undefined;
    }
    if (trial.ok) {
      void vscode.window.showInformationMessage(foundText(address, trial));
      return token;
    }
    // The same one would be refused again.
    const isOtherWanted = trial.problem.code === 'unauthorized' && !address.isUnencrypted;
    const again = isOtherWanted ? vscode.l10n.t('Enter Token…') : vscode.l10n.t('Try Again');
    const anyway = vscode.l10n.t('Add Anyway');
    const { what, remedy } = problemText(trial.problem, address.label, 'hub');
    const choice = await vscode.window.showWarningMessage(plainText(`${what} ${remedy}`), again, anyway);
    if (choice !== again) {
      return choice === anyway ? token : undefined;
    }
    const other = isOtherWanted ? await askToken(address) : token;
    if (other === undefined) {
      return undefined;
    }
    token = other;
  }
}

function credentialsOf(token: string): Credentials {
  return {
    token: () => Promise.resolve(token === '' ? undefined : { token }),
    onChanged: () => toDisposable(() => undefined),
  };
}

/** What is at an address, by which way it was reached, and how much it has. */
function foundText({ label }: HubAddress, { kind, route, count }: HubTrial & { readonly ok: true }): string {
  const name = plainText(label);
  const degraded = degradedText(route);
  const found =
    kind === 'hub'
      ? countText(
          count,
          vscode.l10n.t('{0} answers, and has 1 cluster.', name),
          vscode.l10n.t('{0} answers, and has {1} clusters.', name, count),
        )
      : countText(
          count,
          vscode.l10n.t(
            '{0} is a platform that tells by notifications alone, and has 1 ClusterPersona.',
            name,
          ),
          vscode.l10n.t(
            '{0} is a platform that tells by notifications alone, and has {1} ClusterPersonas.',
            name,
            count,
          ),
        );
  return degraded === undefined
    ? found
    : `${found} ${vscode.l10n.t('It is reached {0}.', plainText(routeText(route)))}`;
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
