import * as l10n from '@vscode/l10n';
import type {
  NetworkingPolicy,
  PersonaConventions,
  PersonaSpec,
  SecurityPolicy,
} from '../../src/persona/personaSpec';
import { CodeList } from '../ui/CodeList';
import type { Fact } from '../ui/FactList';

/** Policies and conventions as lines to read; what was not declared has none. */
export function ruleFacts({ policies, conventions }: PersonaSpec): readonly Fact[] {
  return [
    ...securityFacts(policies?.security),
    ...networkFacts(policies?.networking),
    ...conventionFacts(conventions),
    ...listFact(l10n.t('Compliance'), policies?.compliance),
  ];
}

function securityFacts(security: SecurityPolicy | undefined): readonly Fact[] {
  const pods = [
    security?.disallowPrivileged === true ? l10n.t('no privileged pods') : undefined,
    security?.enforceNonRoot === true ? l10n.t('not as root') : undefined,
    security?.enforceReadOnlyRoot === true ? l10n.t('read-only root file system') : undefined,
  ].filter((rule) => rule !== undefined);
  const standard = security?.podSecurityStandard;
  return [
    ...(standard === undefined && pods.length === 0
      ? []
      : [
          {
            label: l10n.t('Pod security'),
            value: (
              <>
                {standard !== undefined && <strong>{standard}</strong>}
                {standard !== undefined && pods.length > 0 && ', '}
                {pods.join(', ')}
              </>
            ),
          },
        ]),
    ...listFact(l10n.t('Images only from'), security?.allowedRegistries),
  ];
}

function networkFacts(networking: NetworkingPolicy | undefined): readonly Fact[] {
  const denied = [
    networking?.defaultDenyIngress === true ? l10n.t('ingress denied by default') : undefined,
    networking?.defaultDenyEgress === true ? l10n.t('egress denied by default') : undefined,
  ].filter((rule) => rule !== undefined);
  return [
    ...(denied.length === 0 ? [] : [{ label: l10n.t('Network'), value: denied.join(', ') }]),
    ...listFact(l10n.t('External networks'), networking?.allowedExternalCIDRs),
  ];
}

function conventionFacts(conventions: PersonaConventions | undefined): readonly Fact[] {
  return [
    ...listFact(l10n.t('Names match'), maybe(conventions?.namingPattern)),
    ...listFact(l10n.t('Namespaces start with'), maybe(conventions?.namespacePrefix)),
    ...listFact(l10n.t('Labels required'), conventions?.requiredLabels),
    ...listFact(l10n.t('Annotations required'), conventions?.requiredAnnotations),
  ];
}

function listFact(label: string, items: readonly string[] | undefined): readonly Fact[] {
  return items === undefined || items.length === 0 ? [] : [{ label, value: <CodeList items={items} /> }];
}

function maybe(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : [text];
}

/** The required labels and annotations as YAML to fill in; nothing where none are. */
export function labelSnippet(conventions: PersonaConventions | undefined): string | undefined {
  const sections = [
    section('labels', conventions?.requiredLabels),
    section('annotations', conventions?.requiredAnnotations),
  ].filter((text) => text !== undefined);
  return sections.length === 0 ? undefined : `metadata:\n${sections.join('')}`;
}

function section(title: string, keys: readonly string[] | undefined): string | undefined {
  return keys === undefined || keys.length === 0
    ? undefined
    : `  ${title}:\n${keys.map((key) => `    ${JSON.stringify(key)}: ""\n`).join('')}`;
}
