import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { LogStreamName } from '../../src/protocol/logView';
import type { LogMarker } from '../../src/protocol/podLog';
import { formatTimeOfDay, parseInstant } from '../ui/formatInstant';
import { Icon } from '../ui/Icon';

export interface LogMarkerRowProps {
  readonly marker: LogMarker;
  readonly name: LogStreamName | undefined;
}

/** What stands between two lines where nothing was written. */
export function LogMarkerRow({ marker, name }: LogMarkerRowProps): ReactElement {
  const whose = name === undefined ? '' : `${name.pod}/${name.container}`;
  return (
    <div className={`row-marker row-marker-${marker.type}`}>
      <Icon id={marker.type === 'gap' ? 'warning' : 'debug-restart'} />
      <span>{whose === '' ? markerText(marker) : `${whose}: ${markerText(marker)}`}</span>
    </div>
  );
}

export function markerText(marker: LogMarker): string {
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
