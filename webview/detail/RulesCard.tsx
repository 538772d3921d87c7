import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { useCommand } from '../realtime/useCommand';
import { Card } from '../ui/Card';
import { FactList } from '../ui/FactList';
import { LinkButton } from '../ui/LinkButton';
import { defaultFacts } from './defaultFacts';
import { labelSnippet, ruleFacts } from './ruleFacts';

/** What a manifest must look like to be welcome here. */
export function RulesCard({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const run = useCommand();
  const facts = ruleFacts(persona.spec);
  const snippet = labelSnippet(persona.spec.conventions);
  return (
    <Card
      title={l10n.t('Rules for workloads here')}
      aside={
        snippet !== undefined && (
          <LinkButton onClick={() => run({ type: 'copy', text: snippet })}>
            {l10n.t('Copy as snippet')}
          </LinkButton>
        )
      }
    >
      {facts.length === 0 ? <p className="muted">{l10n.t('None declared.')}</p> : <FactList facts={facts} />}
    </Card>
  );
}

/** What workloads get when they say nothing, and how much a namespace may have. */
export function DefaultsCard({ persona }: { readonly persona: ClusterPersona }): ReactElement | null {
  const facts = defaultFacts(persona.spec);
  return facts.length === 0 ? null : (
    <Card title={l10n.t('Defaults and quotas')}>
      <FactList facts={facts} />
    </Card>
  );
}
