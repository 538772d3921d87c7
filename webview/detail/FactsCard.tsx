import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import type { NamespaceCounts } from '../../src/persona/personaStatus';
import { environmentText } from '../../src/texts/personaText';
import { Card } from '../ui/Card';
import { Clamped } from '../ui/Clamped';
import { CodeList } from '../ui/CodeList';
import { FactList, type Fact } from '../ui/FactList';
import { formatInstant, parseInstant } from '../ui/formatInstant';
import { formatCount, unknownText } from '../ui/formatNumber';

export function FactsCard({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  return (
    <Card title={l10n.t('About')}>
      <FactList facts={facts(persona)} />
    </Card>
  );
}

function facts(persona: ClusterPersona): readonly Fact[] {
  const { spec, status, metadata } = persona;
  const created = parseInstant(metadata.creationTimestamp);
  const unknown = <span className="muted">{unknownText()}</span>;
  const given = (text: string | undefined): ReactElement =>
    text === undefined ? unknown : <Clamped text={text} />;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    ...(spec.name === undefined ? [] : [{ label: l10n.t('Name'), value: <Clamped text={spec.name} /> }]),
    {
      label: l10n.t('Environment'),
      value: spec.environment === undefined ? unknown : environmentText(spec.environment),
    },
    { label: l10n.t('Platform'), value: given(status?.platform) },
    { label: l10n.t('Kubernetes'), value: given(status?.kubernetesVersion) },
    { label: l10n.t('Namespaces'), value: namespacesText(status?.namespaces) ?? unknown },
    ...(labels.length === 0 ? [] : [{ label: l10n.t('Labels'), value: <CodeList items={labels} /> }]),
    ...(created === undefined ? [] : [{ label: l10n.t('Created'), value: formatInstant(created) }]),
  ];
}

/** What is said of the namespaces. The operator leaves out zeros, so what is absent is not told as a number. */
function namespacesText(namespaces: NamespaceCounts | undefined): string | undefined {
  const parts = [
    namespaces?.total === undefined ? undefined : l10n.t('{0} in total', formatCount(namespaces.total)),
    namespaces?.active === undefined ? undefined : l10n.t('{0} active', formatCount(namespaces.active)),
    namespaces?.withPersonas === undefined
      ? undefined
      : l10n.t('{0} with personas', formatCount(namespaces.withPersonas)),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}
