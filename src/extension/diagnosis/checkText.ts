import * as l10n from '@vscode/l10n';
import type { CheckId, CheckResult, Concern, SkipReason } from '../../doctor/diagnosis';
import type { Problem } from '../../protocol/problem';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import { countText } from '../../texts/countText';
import { problemHeadline } from '../../texts/problemHeadline';
import { listProblemText, problemText, requestProblemText, type ProblemText } from '../../texts/problemText';
import { degradedText, routeText } from '../../texts/routeText';

export function checkTitle(id: CheckId): string {
  switch (id) {
    case 'kubeconfig':
      return l10n.t('Kubeconfig');
    case 'credentials':
      return l10n.t('Credentials');
    case 'dns':
      return l10n.t('Name resolution (DNS)');
    case 'tcp':
      return l10n.t('Connection (TCP)');
    case 'proxy':
      return l10n.t('Proxy');
    case 'tls':
      return l10n.t('Certificate (TLS)');
    case 'version':
      return l10n.t('Kubernetes version');
    case 'clock':
      return l10n.t('Clocks');
    case 'identity':
      return l10n.t('Who you are');
    case 'discovery':
      return l10n.t('ClusterPersonas installed');
    case 'list':
      return l10n.t('Listing');
    case 'watch':
      return l10n.t('Watching');
    case 'access':
      return l10n.t('Permissions');
    case 'hub':
      return l10n.t('Connection to the hub');
    case 'hubCluster':
      return l10n.t('What the hub says of its cluster');
    case 'hubReads':
      return l10n.t('Pods through the hub');
    default:
      return id satisfies never;
  }
}

/** The outcome as a sign and a word; neither stands alone. */
export function outcomeText(outcome: CheckResult['outcome']): string {
  switch (outcome) {
    case 'passed':
      return `✓ ${l10n.t('passed')}`;
    case 'warning':
      return `! ${l10n.t('warning')}`;
    case 'failed':
      return `✗ ${l10n.t('failed')}`;
    case 'skipped':
      return `– ${l10n.t('skipped')}`;
    default:
      return outcome satisfies never;
  }
}

/** What there is to say of a result in a handful of words, if anything. */
export function resultHeadline(result: CheckResult): string | undefined {
  switch (result.outcome) {
    case 'passed':
      return undefined;
    case 'skipped':
      return skipText(result.reason);
    case 'warning':
      return concernHeadline(result.concern);
    case 'failed':
      return result.concern === undefined
        ? problemHeadline(result.problem.code)
        : concernHeadline(result.concern);
    default:
      return result satisfies never;
  }
}

/** What a failure or warning means and what to do about it; `label` is the source's. */
export function resultText(result: CheckResult, label: string): ProblemText | undefined {
  switch (result.outcome) {
    case 'passed':
    case 'skipped':
      return undefined;
    case 'warning':
      return concernText(result.concern, label);
    case 'failed':
      if (result.concern !== undefined) {
        return concernText(result.concern, label);
      }
      return problemTextOf(result.id, result.problem, label);
    default:
      return result satisfies never;
  }
}

function problemTextOf(id: CheckId, problem: Problem, label: string): ProblemText {
  switch (id) {
    case 'list':
    case 'watch':
      return listProblemText(problem, label);
    case 'hub':
    case 'hubCluster':
      return listProblemText(problem, label, 'hub');
    case 'hubReads':
      return requestProblemText(problem, label, 'hub');
    default:
      return problemText(problem, label);
  }
}

function skipText(reason: SkipReason): string {
  switch (reason.type) {
    case 'after':
      return l10n.t('after: {0}', checkTitle(reason.check));
    case 'insideEditor':
      return l10n.t('runs inside the editor');
    case 'addressGiven':
      return l10n.t('the kubeconfig names an IP address');
    case 'noProxy':
      return l10n.t('no proxy on the way');
    case 'plainHttp':
      return l10n.t('the server is reached by plain http');
    case 'noDate':
      return l10n.t('the server does not tell its time');
    case 'notServed':
      return l10n.t('the server does not offer this');
    default:
      return reason satisfies never;
  }
}

function concernHeadline(concern: Concern): string {
  switch (concern.type) {
    case 'certificateExpired':
    case 'clientCertificateExpired':
      return l10n.t('expired');
    case 'certificateNotYetValid':
      return l10n.t('not valid yet');
    case 'certificateExpiresSoon':
    case 'clientCertificateExpiresSoon':
      return l10n.t('expires in {0}', daysText(concern.daysLeft));
    case 'certificateForOtherName':
      return l10n.t('made for another name');
    case 'authorityUnknown':
      return l10n.t('unknown authority');
    case 'certificateNotVerified':
      return l10n.t('not verified');
    case 'clocksDiffer':
      return concern.seconds > 0
        ? l10n.t("the server's is {0} s ahead", concern.seconds)
        : l10n.t("the server's is {0} s behind", -concern.seconds);
    case 'verbsMissing':
      return l10n.t('not served: {0}', concern.verbs.join(', '));
    case 'watchHeldBack':
      return l10n.t('held back on the way');
    case 'notTold':
      return l10n.t('the server keeps it to itself');
    case 'hubDegraded':
      return degradedText(concern.route) ?? '';
    case 'personasNotAllowed':
    case 'logsNotAllowed':
      return l10n.t('missing: {0}', concern.permissions.join(', '));
    default:
      return concern satisfies never;
  }
}

function concernText(concern: Concern, label: string): ProblemText {
  switch (concern.type) {
    case 'certificateExpired':
      return {
        what: l10n.t('The certificate of {0} has expired.', label),
        remedy: l10n.t("Have it renewed on the server, or correct this machine's clock if that is wrong."),
      };
    case 'certificateNotYetValid':
      return {
        what: l10n.t('The certificate of {0} is not valid yet.', label),
        remedy: l10n.t("Compare this machine's clock with the server's, and correct the one that is wrong."),
      };
    case 'certificateExpiresSoon':
      return {
        what: l10n.t('The certificate of {0} expires in {1}.', label, daysText(concern.daysLeft)),
        remedy: l10n.t('Have it renewed on the server before that.'),
      };
    case 'certificateForOtherName':
      return {
        what: l10n.t('The certificate of {0} is made for another name than the one it is reached by.', label),
        remedy: l10n.t(
          'Use one of its names as the server address in the kubeconfig, or name it there as tls-server-name.',
        ),
      };
    case 'authorityUnknown':
      return {
        what: l10n.t('The certificate of {0} is signed by an authority that is not trusted here.', label),
        remedy: l10n.t(
          'Check the certificate authority of this cluster in the kubeconfig; where a proxy opens TLS, it has to be the proxy’s.',
        ),
      };
    case 'certificateNotVerified':
      return {
        what: l10n.t(
          'The certificate of {0} is not verified: anybody on the way could pose as the server.',
          label,
        ),
        remedy: l10n.t(
          'Put its certificate authority into the kubeconfig, and take insecure-skip-tls-verify out.',
        ),
      };
    case 'clientCertificateExpired':
      return {
        what: l10n.t('Your client certificate for {0} has expired.', label),
        remedy: l10n.t('Get a new one from whoever gave you the kubeconfig.'),
      };
    case 'clientCertificateExpiresSoon':
      return {
        what: l10n.t('Your client certificate for {0} expires in {1}.', label, daysText(concern.daysLeft)),
        remedy: l10n.t('Get a new one from whoever gave you the kubeconfig.'),
      };
    case 'clocksDiffer':
      return {
        what:
          concern.seconds > 0
            ? l10n.t('The clock of {0} is at least {1} s ahead of this machine.', label, concern.seconds)
            : l10n.t('The clock of {0} is at least {1} s behind this machine.', label, -concern.seconds),
        remedy: l10n.t(
          'Let both set their clocks by the network: new tokens and certificates are refused otherwise.',
        ),
      };
    case 'verbsMissing':
      return {
        what: l10n.t('{0} serves ClusterPersonas without {1}.', label, concern.verbs.join(', ')),
        remedy: l10n.t(
          'Look at what serves {0} there: it is not the usual API server.',
          CLUSTER_PERSONA.crdName,
        ),
      };
    case 'watchHeldBack':
      return {
        what: l10n.t('A watch of {0} opens, but what it brings does not arrive in time.', label),
        remedy: l10n.t(
          'Let the proxy or load balancer on the way pass answers on as they come, without buffering them.',
        ),
      };
    case 'notTold':
      return {
        what: l10n.t('{0} does not tell you this. Nothing else depends on it.', label),
        remedy: l10n.t('Nothing needs to be done.'),
      };
    case 'hubDegraded':
      return {
        what: l10n.t('The hub of {0} is reached {1}.', label, routeText(concern.route)),
        remedy: l10n.t('Let WebSockets pass the proxy or load balancer on the way.'),
      };
    case 'personasNotAllowed':
      return {
        what: l10n.t("Can't show ClusterPersonas of {0}: you are not allowed to.", label),
        remedy: l10n.t('Ask for: {0}. Or use another context.', concern.permissions.join(', ')),
      };
    case 'logsNotAllowed':
      return {
        what: l10n.t("Can't show logs of {0} in every namespace: you are not allowed to.", label),
        remedy: l10n.t('Ask for: {0}. Everything else works.', concern.permissions.join(', ')),
      };
    default:
      return concern satisfies never;
  }
}

function daysText(days: number): string {
  return countText(days, l10n.t('1 day'), l10n.t('{0} days', days));
}
