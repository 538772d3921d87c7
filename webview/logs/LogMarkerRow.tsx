import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { LogMarker } from '../../src/protocol/podLog';
import { formatTimeOfDay, parseInstant } from '../ui/formatInstant';

/** What stands between two lines where nothing was written. */
export function LogMarkerRow({ marker }: { readonly marker: LogMarker }): ReactElement {
  return <div className="lines-gap">{markerText(marker)}</div>;
}

function markerText(marker: LogMarker): string {
  switch (marker.type) {
    case 'restarted':
      return l10n.t('The container was started anew');
    case 'gap': {
      const from = parseInstant(marker.from);
      const until = parseInstant(marker.until);
      if (from === undefined) {
        return l10n.t('Gap: lines may be missing here');
      }
      return until === undefined
        ? l10n.t('Gap: lines may be missing from {0} on', formatTimeOfDay(from))
        : l10n.t(
            'Gap: lines of {0} s may be missing, from {1} to {2}',
            ((until - from) / 1000).toFixed(1),
            formatTimeOfDay(from),
            formatTimeOfDay(until),
          );
    }
    default:
      return marker satisfies never;
  }
}
