import * as l10n from '@vscode/l10n';
import type { Problem } from '../protocol/problem';
import type { SourceKind } from '../protocol/sourceState';
import { hubProblemText, hubRequestProblemText, type ProblemText } from './hubProblemText';

export type { ProblemText };
import { CLUSTER_PERSONA } from '../protocol/clusterPersonaResource';

/** Explains a problem with the source that is shown as `label`; `kind` says by which way it is reached. */
export function problemText(problem: Problem, label: string, kind?: SourceKind): ProblemText {
  const { code, detail } = problem;
  const ofHub = kind === 'hub' ? hubProblemText(problem, label) : undefined;
  if (ofHub !== undefined) {
    return ofHub;
  }
  switch (code) {
    case 'kubeconfig':
      return {
        what: l10n.t('The kubeconfig of {0} cannot be used: {1}.', label, detail),
        remedy: l10n.t('Correct the file; it is read again when it is saved.'),
      };
    case 'consent':
      return {
        what: l10n.t('{0} signs in with a program that you have not allowed to run: {1}.', label, detail),
        remedy: l10n.t('Connect again and allow it, or use another context.'),
      };
    case 'unreachable':
      return {
        what: l10n.t('{0} does not answer: {1}.', label, detail),
        remedy: l10n.t('Check that the cluster is running and that your network or VPN reaches it.'),
      };
    case 'dns':
      return {
        what: l10n.t('The server name of {0} cannot be resolved: {1}.', label, detail),
        remedy: l10n.t('Check the server address in the kubeconfig, and your network or VPN.'),
      };
    case 'tls':
      return {
        what: l10n.t('The certificate of {0} is not trusted: {1}.', label, detail),
        remedy: l10n.t('Check the certificate authority of this cluster in the kubeconfig.'),
      };
    case 'proxy':
      return {
        what: l10n.t('The proxy on the way to {0} refused: {1}.', label, detail),
        remedy: l10n.t('Check the proxy in the kubeconfig and in the settings.'),
      };
    case 'credentials':
      return {
        what: l10n.t('The credentials for {0} could not be read: {1}.', label, detail),
        remedy: l10n.t('Sign in with the tool that made this context, then reconnect.'),
      };
    case 'unauthorized':
      return {
        what: l10n.t('{0} does not accept your credentials.', label),
        remedy: l10n.t('Sign in with the tool that made this context, then reconnect.'),
      };
    case 'forbidden':
      return {
        what: l10n.t('You are not allowed to do this in {0}: {1}.', label, detail),
        remedy: l10n.t('Ask for the missing permission, or use another context.'),
      };
    case 'notInstalled':
      return {
        what: l10n.t('{0} does not know ClusterPersonas.', label),
        remedy: l10n.t(
          'Install the custom resource {0} there; it is noticed by itself.',
          CLUSTER_PERSONA.crdName,
        ),
      };
    case 'notFound':
      return {
        what: l10n.t('This is no longer in {0}: {1}.', label, detail),
        remedy: l10n.t('Pick another one.'),
      };
    case 'throttled':
      return {
        what: l10n.t('{0} is overloaded and asks to wait.', label),
        remedy: l10n.t('Nothing needs to be done: it is tried again.'),
      };
    case 'serverError':
      return {
        what: l10n.t('{0} failed to answer: {1}.', label, detail),
        remedy: l10n.t('Check the health of its API server; it is tried again.'),
      };
    case 'expired':
      return {
        what: l10n.t('{0} no longer knows the state that was being read.', label),
        remedy: l10n.t('Nothing needs to be done: everything is read again.'),
      };
    case 'malformed':
      return {
        what: l10n.t('{0} answered with something that is not the Kubernetes API: {1}.', label, detail),
        remedy: l10n.t('Check the server address and any proxy on the way; it is tried again.'),
      };
    case 'upstream':
      return {
        what: l10n.t('The hub cannot follow {0}: {1}.', label, detail),
        remedy: l10n.t('This is for whoever runs the hub; it tries again by itself.'),
      };
    case 'unsupported':
      return {
        what: l10n.t('{0} cannot be asked for this: {1}.', label, detail),
        remedy: l10n.t('Add the kubeconfig of this cluster to see it.'),
      };
    case 'closed':
      return {
        what: l10n.t('{0} is not connected.', label),
        remedy: l10n.t('Connect it.'),
      };
    case 'unknownMessage':
    case 'badRequest':
    case 'internal':
      return {
        what: l10n.t('Something went wrong inside the extension: {0}.', detail),
        remedy: l10n.t('Show the log, and report what it says.'),
      };
    default:
      return code satisfies never;
  }
}

/** Explains why something beside the ClusterPersonas of a source, its logs for instance, cannot be had. */
export function requestProblemText(problem: Problem, label: string, kind?: SourceKind): ProblemText {
  const ofHub = kind === 'hub' ? hubRequestProblemText(problem, label) : undefined;
  return ofHub ?? problemText(problem, label);
}

/** The problem that following a source met: it names the permission that is missing, and is tried again by itself. */
export function listProblemText(problem: Problem, label: string, kind?: SourceKind): ProblemText {
  if (kind === 'hub') {
    return problemText(problem, label, kind);
  }
  if (problem.code === 'closed') {
    return {
      what: l10n.t('The connection to {0} was lost.', label),
      remedy: l10n.t('It is opened again by itself; if this lasts, check your network or VPN.'),
    };
  }
  if (problem.code !== 'forbidden') {
    return problemText(problem, label);
  }
  return {
    what: l10n.t("Can't list ClusterPersonas in {0}: you are not allowed to.", label),
    remedy: l10n.t('Ask for list and watch on {0}, or use another context.', CLUSTER_PERSONA.crdName),
  };
}
