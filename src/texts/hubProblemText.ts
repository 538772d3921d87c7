import * as l10n from '@vscode/l10n';
import type { Problem } from '../protocol/problem';

/** What happened, and the one thing to do about it; each a sentence. */
export interface ProblemText {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Explains why something of a cluster cannot be had through its hub, other than its ClusterPersonas; `label` is the cluster.
 * Undefined for what is explained as anywhere.
 */
export function hubRequestProblemText(problem: Problem, label: string): ProblemText | undefined {
  const { code, detail } = problem;
  switch (code) {
    case 'unauthorized':
    case 'credentials':
      return hubProblemText(problem, label);
    case 'forbidden':
      return {
        what: l10n.t('The hub does not hand this of {0} on: {1}.', label, detail),
        remedy: l10n.t('Ask whoever runs the hub for the permission.'),
      };
    case 'unsupported':
      return {
        what: l10n.t('This of {0} cannot be had through its hub: {1}.', label, detail),
        remedy: l10n.t('Add the kubeconfig of this cluster to see it.'),
      };
    case 'upstream':
      return {
        what: l10n.t('The hub cannot ask {0} for this: {1}.', label, detail),
        remedy: l10n.t('This is for whoever runs the hub; it is tried again.'),
      };
    case 'unreachable':
    case 'closed':
      return {
        what: l10n.t('The hub of {0} is not connected: {1}.', label, detail),
        remedy: l10n.t('It is asked again as soon as it is.'),
      };
    default:
      return undefined;
  }
}

/**
 * Explains a problem with the connection to a hub; `label` is the hub, or what is followed through it. Undefined for what a hub
 * says of its cluster, which is explained as anywhere.
 */
export function hubProblemText({ code, detail }: Problem, label: string): ProblemText | undefined {
  switch (code) {
    case 'unauthorized':
      return {
        what: l10n.t('The hub of {0} does not accept your token.', label),
        remedy: l10n.t('Ask whoever runs the hub for a token, and set it with “Set Hub Token…”.'),
      };
    case 'credentials':
      return {
        what: l10n.t('There is no token for the hub of {0}: {1}.', label, detail),
        remedy: l10n.t('Set it with “Set Hub Token…”.'),
      };
    case 'forbidden':
      return {
        what: l10n.t('The hub of {0} does not let you in: {1}.', label, detail),
        remedy: l10n.t('Ask whoever runs the hub, or set another token with “Set Hub Token…”.'),
      };
    case 'unreachable':
    case 'dns':
    case 'proxy':
      return {
        what: l10n.t('The hub of {0} does not answer: {1}.', label, detail),
        remedy: l10n.t('Check its address, that it is running, and that your network or VPN reaches it.'),
      };
    case 'tls':
      return {
        what: l10n.t('The certificate of the hub of {0} is not trusted: {1}.', label, detail),
        remedy: l10n.t('Have the hub use a certificate that this machine trusts.'),
      };
    case 'closed':
      return {
        what: l10n.t('The connection to the hub of {0} was lost: {1}.', label, detail),
        remedy: l10n.t(
          'It is opened again by itself; if this lasts, check the hub, and your network or VPN.',
        ),
      };
    case 'throttled':
      return {
        what: l10n.t('The hub of {0} has as many clients as it takes.', label),
        remedy: l10n.t('Nothing needs to be done: it is tried again.'),
      };
    case 'serverError':
      return {
        what: l10n.t('The hub of {0} failed: {1}.', label, detail),
        remedy: l10n.t('Its log says why; it is tried again.'),
      };
    case 'malformed':
      return {
        what: l10n.t('What answers at the address of {0} is no hub: {1}.', label, detail),
        remedy: l10n.t('Check the address, and any proxy on the way; it is tried again.'),
      };
    case 'notFound':
      return {
        what: l10n.t('The hub no longer has {0}.', label),
        remedy: l10n.t('Pick another one.'),
      };
    case 'unknownMessage':
    case 'badRequest':
      return {
        what: l10n.t('The hub of {0} and this extension do not understand each other: {1}.', label, detail),
        remedy: l10n.t('Update the older of the two.'),
      };
    case 'kubeconfig':
    case 'consent':
    case 'notInstalled':
    case 'expired':
    case 'upstream':
    case 'unsupported':
    case 'internal':
      return undefined;
    default:
      return code satisfies never;
  }
}
