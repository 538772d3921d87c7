import * as l10n from '@vscode/l10n';
import type { ProblemCode } from '../protocol/problem';

/** A problem in a handful of words, for a row that has no room for the sentence of `problemText`. */
export function problemHeadline(code: ProblemCode): string {
  switch (code) {
    case 'kubeconfig':
      return l10n.t('Kubeconfig cannot be used');
    case 'consent':
      return l10n.t('Sign-in program not allowed');
    case 'unreachable':
      return l10n.t('No answer from the server');
    case 'dns':
      return l10n.t('Server name not found');
    case 'tls':
      return l10n.t('Certificate not trusted');
    case 'proxy':
      return l10n.t('Proxy refused');
    case 'credentials':
      return l10n.t('Credentials not readable');
    case 'unauthorized':
      return l10n.t('Credentials not accepted');
    case 'forbidden':
      return l10n.t('Not allowed to list');
    case 'notInstalled':
      return l10n.t('ClusterPersona not installed');
    case 'notFound':
      return l10n.t('Not found');
    case 'throttled':
      return l10n.t('Server asks to wait');
    case 'serverError':
      return l10n.t('Server failed to answer');
    case 'expired':
      return l10n.t('Reading everything again');
    case 'malformed':
      return l10n.t('Answer is not Kubernetes');
    case 'upstream':
      return l10n.t('The hub cannot follow it');
    case 'unsupported':
      return l10n.t('Not available this way');
    case 'closed':
      return l10n.t('Not connected');
    case 'unknownMessage':
    case 'badRequest':
    case 'internal':
      return l10n.t('Something went wrong');
    default:
      return code satisfies never;
  }
}

/** Like {@link problemHeadline}, for what following a source met: a connection that is closed was lost there. */
export function listProblemHeadline(code: ProblemCode): string {
  return code === 'closed' ? l10n.t('Connection lost') : problemHeadline(code);
}
