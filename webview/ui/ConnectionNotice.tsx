import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { EmptyState } from './EmptyState';
import { Skeleton } from './Skeleton';

/** Stands in for a view while it has no connection to the extension. */
export function ConnectionNotice(props: {
  readonly state: 'greeting' | 'silent' | 'incompatible' | 'closed';
}): ReactElement {
  switch (props.state) {
    case 'greeting':
      return <Skeleton tiles={6} rows={4} />;
    case 'silent':
      return (
        <EmptyState
          icon="debug-disconnect"
          tone="warning"
          title={l10n.t('The extension does not answer')}
          text={l10n.t(
            'It is asked again every second. If this stays, run "Developer: Restart Extension Host".',
          )}
        />
      );
    case 'incompatible':
      return (
        <EmptyState
          icon="sync-ignored"
          tone="warning"
          title={l10n.t('This view is of another version of the extension')}
          text={l10n.t('Close it and open it again, or reload the window.')}
        />
      );
    case 'closed':
      return (
        <EmptyState
          icon="debug-disconnect"
          title={l10n.t('This view has ended')}
          text={l10n.t('Close it and open it again.')}
        />
      );
    default:
      return props.state satisfies never;
  }
}
