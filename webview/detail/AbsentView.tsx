import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { stateWord } from '../../src/texts/stateText';
import { EmptyState } from '../ui/EmptyState';

export interface AbsentViewProps {
  readonly name: string;
  /** Whether it was seen going, not only found missing. */
  readonly wasDeleted: boolean;
  readonly status: SourceStatus | undefined;
}

/** For a name that the hub knows nothing of: that it is not there is certain only of a source that was read. */
export function AbsentView({ name, wasDeleted, status }: AbsentViewProps): ReactElement {
  const label = status?.label ?? l10n.t('the cluster');
  const comesBack = l10n.t('If it is created again, it is shown here by itself.');
  if (wasDeleted) {
    return (
      <EmptyState icon="trash" title={l10n.t('{0} was deleted from {1}', name, label)} text={comesBack} />
    );
  }
  if (status?.asOf !== undefined) {
    return (
      <EmptyState icon="circle-slash" title={l10n.t('{0} is not in {1}', name, label)} text={comesBack} />
    );
  }
  return (
    <EmptyState
      icon="plug"
      title={l10n.t('Nothing is known of {0} yet', name)}
      text={
        status === undefined
          ? undefined
          : l10n.t(
              '{0} is {1}. What it says is shown here as soon as it is read.',
              label,
              stateWord(status.state),
            )
      }
    />
  );
}
