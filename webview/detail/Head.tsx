import * as l10n from '@vscode/l10n';
import type { ReactElement, ReactNode } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { personaHealth } from '../../src/persona/health';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { phaseText } from '../../src/texts/personaText';
import { Now } from '../realtime/Now';
import { useCommand } from '../realtime/useCommand';
import { Changed } from '../ui/Changed';
import { Clamped } from '../ui/Clamped';
import { DotList } from '../ui/DotList';
import { EnvironmentTag } from '../ui/EnvironmentTag';
import { IconButton } from '../ui/IconButton';
import { PhaseIcon } from '../ui/PhaseIcon';
import { StatePill } from '../ui/StatePill';
import { faultTexts } from './faultTexts';
import { kubernetesVersionText } from './kubernetesVersionText';

export interface HeadProps {
  readonly source: string;
  readonly name: string;
  /** Absent while there is nothing to show but the name. */
  readonly persona: ClusterPersona | undefined;
  readonly status: SourceStatus | undefined;
}

/** What it is, how it is, and how true that is. */
export function Head({ source, name, persona, status }: HeadProps): ReactElement {
  const run = useCommand();
  return (
    <header className="head">
      <div className="head-main">
        <div className="head-title">
          {persona !== undefined && (
            <span className="head-icon">
              <PhaseIcon phase={persona.phase} health={personaHealth(persona)} />
            </span>
          )}
          <h1 className="clamped" title={name}>
            {name}
          </h1>
          <IconButton
            icon="copy"
            label={l10n.t('Copy name')}
            onClick={() => run({ type: 'copy', text: name })}
          />
          {persona?.spec.environment !== undefined && (
            <EnvironmentTag environment={persona.spec.environment} />
          )}
          {persona !== undefined && <Verdict persona={persona} />}
        </div>
        <p className="muted head-facts">
          <DotList items={facts(name, persona, status)} />
        </p>
      </div>
      <div className="head-side">
        {status !== undefined && <Now>{(now) => <StatePill status={status} now={now} />}</Now>}
        {persona !== undefined && (
          <vscode-button secondary onClick={() => run({ type: 'openLogs', source, name })}>
            {l10n.t('Logs…')}
          </vscode-button>
        )}
      </div>
    </header>
  );
}

function Verdict({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const faults = faultTexts(persona);
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
  return status.kind === 'demo' ? (
    <Clamped text={status.label} />
  ) : (
    <Clamped text={status.label}>
      {l10n.t('context')} <code>{status.label}</code>
    </Clamped>
  );
}
