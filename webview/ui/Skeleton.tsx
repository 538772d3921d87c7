import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';

/** The shape of what comes, after a moment in which it may come without it (see its style). */
export function Skeleton({ tiles, rows }: { readonly tiles: number; readonly rows: number }): ReactElement {
  return (
    <output className="skeleton" aria-label={l10n.t('Loading')}>
      <div className="skeleton-line skeleton-title" />
      <div className="tiles">
        {Array.from({ length: tiles }, (_, place) => (
          <div key={`tile ${place}`} className="tile skeleton-tile" />
        ))}
      </div>
      {Array.from({ length: rows }, (_, place) => (
        <div key={`row ${place}`} className="skeleton-line" />
      ))}
    </output>
  );
}
