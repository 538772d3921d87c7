import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { EmptyState } from '../ui/EmptyState';
import type { ListGap } from './listGap';

/** Stands where a list would of which there is nothing to show. */
export function NothingDiscovered(props: { readonly gap: ListGap; readonly title: string }): ReactElement {
  const { gap, title } = props;
  switch (gap) {
    case 'notDiscovered':
      return (
        <EmptyState
          icon="circle-large"
          title={l10n.t('Not discovered yet')}
          text={l10n.t(
            'The operator has not reported on this cluster. What it finds is shown here by itself.',
          )}
        />
      );
    case 'unreadable':
      return (
        <EmptyState
          icon="question"
          title={l10n.t('Not readable')}
          text={l10n.t('What was reported cannot be read.')}
        />
      );
    case 'none':
      return <EmptyState icon="question" title={title} text={l10n.t('The operator reported none.')} />;
    default:
      return gap satisfies never;
  }
}
