import * as l10n from '@vscode/l10n';
import { oneLine } from '../../base/oneLine';
import type { Alert } from '../../protocol/alert';
import { alertText } from '../../texts/alertText';
import { countText } from '../../texts/countText';
import { plainText } from '../plainText';

/** A notification names this many; the list has them all. */
const MAX_NAMED = 3;
const MAX_NAME_CHARS = 60;
const MAX_ALERT_CHARS = 160;

/** One notification for some alerts, the worst first. */
export interface AlertNewsText {
  readonly text: string;
  /** What all of them are about, where that is one cluster. */
  readonly only: Pick<Alert, 'source' | 'name'> | undefined;
}

/** `labelOf` names a source. */
export function alertNewsText(alerts: readonly Alert[], labelOf: (source: string) => string): AlertNewsText {
  const clusters = new Map<string, Alert>();
  for (const alert of alerts) {
    const id = JSON.stringify([alert.source, alert.name ?? null]);
    if (!clusters.has(id)) {
      clusters.set(id, alert);
    }
  }
  const nameOf = ({ source, name }: Alert): string => shown(name ?? labelOf(source), MAX_NAME_CHARS);
  const [first] = clusters.values();
  if (first !== undefined && clusters.size === 1) {
    const what = `${nameOf(first)}: ${shown(alertText(first), MAX_ALERT_CHARS)}`;
    const more = alerts.length - 1;
    const text =
      more === 0
        ? what
        : countText(
            more,
            l10n.t('{0}, and 1 more alert', what),
            l10n.t('{0}, and {1} more alerts', what, more),
          );
    return { text, only: first };
  }
  const named = [...clusters.values()].slice(0, MAX_NAMED).map(nameOf).join(', ');
  const more = clusters.size - MAX_NAMED;
  return {
    text:
      more > 0
        ? l10n.t('{0} clusters need attention: {1}, and {2} more', clusters.size, named, more)
        : l10n.t('{0} clusters need attention: {1}', clusters.size, named),
    only: undefined,
  };
}

function shown(text: string, maxChars: number): string {
  return plainText(oneLine(text, maxChars));
}
