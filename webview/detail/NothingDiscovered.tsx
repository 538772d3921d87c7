import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { EmptyState } from '../ui/EmptyState';

/** Stands where a list would that the operator has not filled. */
export function NothingDiscovered(props: {
  readonly persona: ClusterPersona;
  readonly title: string;
}): ReactElement {
  return props.persona.phase === 'NotDiscovered' ? (
    <EmptyState
      icon="circle-large"
      title={l10n.t('Not discovered yet')}
      text={l10n.t('The operator has not reported on this cluster. What it finds is shown here by itself.')}
    />
  ) : (
    <EmptyState icon="question" title={props.title} text={l10n.t('The operator reported none.')} />
  );
}
