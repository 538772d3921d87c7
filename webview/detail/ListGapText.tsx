import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ListGap } from './listGap';

/** Stands in a card whose list has nothing to show. */
export function ListGapText({ gap }: { readonly gap: ListGap }): ReactElement {
  return <p className="muted">{text(gap)}</p>;
}

function text(gap: ListGap): string {
  switch (gap) {
    case 'notDiscovered':
      return l10n.t('Not discovered yet.');
    case 'unreadable':
      return l10n.t('What was reported cannot be read.');
    case 'none':
      return l10n.t('None reported.');
    default:
      return gap satisfies never;
  }
}
