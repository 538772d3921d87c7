import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { formatCount } from '../ui/formatNumber';

/** Owns up to entries that are not in the list above because they have no usable name. */
export function Unreadable({ count }: { readonly count: number }): ReactElement | null {
  return count === 0 ? null : (
    <p className="muted unreadable">
      {l10n.t('Not shown, since they have no readable name: {0}', formatCount(count))}
    </p>
  );
}
