import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { EmptyState } from '../ui/EmptyState';

export interface AbsentViewProps {
  readonly name: string;
  /** `deleted` was seen going, `absent` is not among what was read, `unknown` where nothing was read. */
  readonly reason: 'deleted' | 'absent' | 'unknown';
  readonly status: SourceStatus | undefined;
}

/** Why there is nothing to show of a cluster. */
export function AbsentView({ name, reason, status }: AbsentViewProps): ReactElement {
  const label = status?.label ?? l10n.t('the cluster');
  const comesBack = l10n.t('If it is created again, it is shown here by itself.');
  switch (reason) {
    case 'deleted':
      return (
        <EmptyState icon="trash" title={l10n.t('{0} was deleted from {1}', name, label)} text={comesBack} />
      );
    case 'absent':
      return (
        <EmptyState icon="circle-slash" title={l10n.t('{0} is not in {1}', name, label)} text={comesBack} />
      );
    case 'unknown':
      return (
        <EmptyState
          icon="question"
          title={l10n.t('Nothing is known of {0} yet', name)}
          text={l10n.t('It is shown here as soon as {0} is read.', label)}
        />
      );
    default:
      return reason satisfies never;
  }
}
