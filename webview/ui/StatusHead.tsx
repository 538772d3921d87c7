import * as l10n from '@vscode/l10n';
import { memo, useMemo, type ReactElement, type ReactNode } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { personaHealth } from '../../src/persona/health';
import type { AlertRule } from '../../src/protocol/alert';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { phaseText } from '../../src/texts/personaText';
import { Changed } from './Changed';
import { Clamped } from './Clamped';
import { DotList } from './DotList';
import { EnvironmentTag } from './EnvironmentTag';
import { faultTexts } from './faultTexts';
import { kubernetesVersionText } from './kubernetesVersionText';
import { PhaseIcon } from './PhaseIcon';
import { StatePill } from './StatePill';
import type { WithNow } from './withNow';

export interface StatusHeadProps {
  readonly name: string;
  /** Absent while there is nothing to show but the name. */
  readonly persona: ClusterPersona | undefined;
  readonly status: SourceStatus | undefined;
  /** What is told below, and not here again. */
  readonly told: ReadonlySet<AlertRule>;
  /** Stands beside the name. */
  readonly nameActions: ReactNode;
  /** Buttons, beside the state. */
  readonly actions: ReactNode;
  readonly withNow: WithNow;
}

/** What it is, how it is, and how true that is. */
export function StatusHead(props: StatusHeadProps): ReactElement {
  const { name, persona, status, told, nameActions, actions, withNow } = props;
  return (
    <header className="head">
      <div className="head-title">
        {persona !== undefined && <HeadIcon persona={persona} />}
        <h1 className="clamped" title={name}>
          {name}
        </h1>
        {nameActions}
        {persona?.spec.environment !== undefined && <EnvironmentTag environment={persona.spec.environment} />}
        {persona !== undefined && <Verdict persona={persona} told={told} />}
      </div>
      <div className="head-side">
        {status !== undefined && withNow((now) => <StatePill status={status} now={now} />)}
        {actions}
      </div>
      <p className="muted head-facts">
        <DotList items={facts(name, persona, status)} />
      </p>
    </header>
  );
}

const HeadIcon = memo(function HeadIcon(props: { readonly persona: ClusterPersona }): ReactElement {
  const { persona } = props;
  return (
    <span className="head-icon">
      <PhaseIcon phase={persona.phase} health={personaHealth(persona)} />
    </span>
  );
});

function Verdict(props: {
  readonly persona: ClusterPersona;
  readonly told: ReadonlySet<AlertRule>;
}): ReactElement {
  const { persona, told } = props;
  const faults = useMemo(() => faultTexts(persona, told), [persona, told]);
  return (
    <DotList
      items={[
        <Changed key="phase" value={persona.phase}>
          {phaseText(persona.phase)}
        </Changed>,
        ...faults.map((fault) => (
          <span key={fault} className="muted">
            <Clamped text={fault} />
          </span>
        )),
      ]}
    />
  );
}

function facts(
  name: string,
  persona: ClusterPersona | undefined,
  status: SourceStatus | undefined,
): readonly ReactNode[] {
  const { spec, status: found } = persona ?? {};
  const texts = [
    spec?.name === name ? undefined : spec?.name,
    spec?.description,
    found?.platform,
    found?.kubernetesVersion === undefined ? undefined : kubernetesVersionText(found.kubernetesVersion),
  ].filter((text) => text !== undefined);
  return [
    ...texts.map((text, place) => <Clamped key={`${place}`} text={text} />),
    ...(status === undefined ? [] : [<SourceLabel key="source" status={status} />]),
  ];
}

function SourceLabel({ status }: { readonly status: SourceStatus }): ReactElement {
  return status.kind === 'kubeconfig' ? (
    <Clamped text={status.label}>
      {l10n.t('context')} <code>{status.label}</code>
    </Clamped>
  ) : (
    <Clamped text={status.label} />
  );
}
