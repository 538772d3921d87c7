import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { environmentText } from '../../src/texts/personaText';
import { Card } from '../ui/Card';
import { CodeList } from '../ui/CodeList';
import { FactList, type Fact } from '../ui/FactList';
import { formatInstant, parseInstant } from '../ui/formatInstant';
import { formatCount, unknownText } from '../ui/formatNumber';
import { isDiscovered } from './Tiles';

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
  const count = (value: number | undefined, absent: ReactElement): string | ReactElement =>
    value === undefined ? absent : formatCount(value);
  // The operator leaves out zeros once it has looked.
  const none = isDiscovered(persona) ? <span className="muted">{l10n.t('none reported')}</span> : unknown;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    ...(spec.name === undefined ? [] : [{ label: l10n.t('Name'), value: spec.name }]),
    {
      label: l10n.t('Environment'),
      value: spec.environment === undefined ? unknown : environmentText(spec.environment),
    },
    { label: l10n.t('Platform'), value: status?.platform ?? unknown },
    { label: l10n.t('Kubernetes'), value: status?.kubernetesVersion ?? unknown },
    { label: l10n.t('Namespaces'), value: count(status?.namespaces?.total, unknown) },
    { label: l10n.t('… active'), value: count(status?.namespaces?.active, none) },
    { label: l10n.t('… with personas'), value: count(status?.namespaces?.withPersonas, none) },
    ...(labels.length === 0 ? [] : [{ label: l10n.t('Labels'), value: <CodeList items={labels} /> }]),
    ...(created === undefined ? [] : [{ label: l10n.t('Created'), value: formatInstant(created) }]),
  ];
}
