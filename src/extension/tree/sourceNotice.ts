import * as l10n from '@vscode/l10n';
import type { ProblemCode } from '../../protocol/problem';
import type { SourceKind, SourceState } from '../../protocol/sourceState';
import { listProblemHeadline } from '../../texts/problemHeadline';

/** The one thing to do about a source that is not well. */
interface Remedy {
  readonly label: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Of this extension, without its prefix. */
  readonly command:
    'reconnect' | 'reconnectHub' | 'connect' | 'openKubeconfig' | 'showCrd' | 'showLog' | 'setHubToken';
}

/** What the two rows below a source say. */
export interface SourceNotice {
  readonly what: string;
  readonly remedy: Remedy;
}

/** Why a source is not live and what to do; `undefined` while all is well, or will be in a moment, or is as the user wants it. */
export function sourceNotice(state: SourceState, kind: SourceKind): SourceNotice | undefined {
  switch (state.type) {
    case 'idle':
    case 'connecting':
    case 'syncing':
    case 'live':
      return undefined;
    case 'paused':
      return { what: l10n.t('Updates are paused'), remedy: reconnect(l10n.t('Resume')) };
    case 'stale':
      return state.problem === undefined
        ? { what: l10n.t('No sign of life'), remedy: reconnect() }
        : noticeOfProblem(state.problem.code, kind);
    case 'reconnecting':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
    case 'failed':
      return noticeOfProblem(state.problem.code, kind);
    default:
      return state satisfies never;
  }
}

/** What the two rows below a hub say that cannot be used. */
export function hubNotice(code: ProblemCode): SourceNotice {
  const remedy = hubRemedyOf(code);
  return {
    what: listProblemHeadline(code),
    remedy: remedy.command === 'reconnect' ? { ...remedy, command: 'reconnectHub' } : remedy,
  };
}

function noticeOfProblem(code: ProblemCode, kind: SourceKind): SourceNotice {
  return { what: listProblemHeadline(code), remedy: kind === 'hub' ? hubRemedyOf(code) : remedyOf(code) };
}

function reconnect(label = l10n.t('Reconnect now'), icon = 'debug-restart'): Remedy {
  return { label, icon, command: 'reconnect' };
}

function hubRemedyOf(code: ProblemCode): Remedy {
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
    case 'credentials':
      return { label: l10n.t('Set another token…'), icon: 'key', command: 'setHubToken' };
    case 'kubeconfig':
    case 'tls':
    case 'dns':
    case 'proxy':
      return reconnect();
    default:
      return remedyOf(code);
  }
}

function remedyOf(code: ProblemCode): Remedy {
  switch (code) {
    case 'notInstalled':
      return { label: l10n.t('Show how to install it…'), icon: 'cloud-download', command: 'showCrd' };
    case 'kubeconfig':
    case 'tls':
    case 'dns':
    case 'proxy':
      return { label: l10n.t('Open the kubeconfig…'), icon: 'go-to-file', command: 'openKubeconfig' };
    case 'consent':
      return { label: l10n.t('Allow it and connect…'), icon: 'key', command: 'connect' };
    case 'unauthorized':
    case 'credentials':
      return reconnect(l10n.t('Sign in again, then reconnect'), 'key');
    case 'forbidden':
      return reconnect(l10n.t('Get permission, then reconnect'));
    case 'unreachable':
    case 'notFound':
    case 'throttled':
    case 'serverError':
    case 'expired':
    case 'malformed':
    case 'upstream':
    case 'unsupported':
    case 'closed':
      return reconnect();
    case 'unknownMessage':
    case 'badRequest':
    case 'internal':
      return { label: l10n.t('Show the log'), icon: 'output', command: 'showLog' };
    default:
      return code satisfies never;
  }
}
