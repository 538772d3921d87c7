import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import { formatCount } from '../ui/formatNumber';

/** Owns up to entries that are not in the list above because they have no usable name. */
export function Unreadable({ count }: { readonly count: number }): ReactElement | null {
  return count === 0 ? null : (
    <p className="muted unreadable">
      {countText(
        count,
        l10n.t('1 unreadable entry is not shown: it has no readable name.'),
        l10n.t('{0} unreadable entries are not shown: they have no readable name.', formatCount(count)),
      )}
    </p>
  );
}
