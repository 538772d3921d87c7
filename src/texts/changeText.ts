import * as l10n from '@vscode/l10n';
import type { AwayChange, FieldChange } from '../protocol/awayChange';
import { countText } from './countText';

/** A field without what goes without saying: `nodes[node-a].ready` of the status, but `spec.environment`. */
export function fieldName(path: string): string {
  return path.startsWith('status.') ? path.slice('status.'.length) : path;
}

/** A change in one line: "phase Ready → Degraded", "+ nodes[node-a]", "− addons[loki]". */
export function fieldChangeText({ path, before, after }: FieldChange): string {
  const name = fieldName(path);
  if (before === undefined) {
    return isElement(path) || after === undefined ? `+ ${name}` : `${name} = ${after}`;
  }
  return after === undefined ? `− ${name}` : `${name} ${before} → ${after}`;
}

/** Whether a path names a whole element of a list, whose value would say too much. */
function isElement(path: string): boolean {
  return path.endsWith(']');
}

/** What happened, as a headline: "3 changes while you were away". */
export function awayHeadline({ type, fields, more }: AwayChange): string {
  switch (type) {
    case 'added':
      return l10n.t('Added while you were away');
    case 'deleted':
      return l10n.t('Deleted while you were away');
    case 'recreated':
      return l10n.t('Deleted and created anew while you were away');
    case 'updated': {
      const count = fields.length + more;
      return countText(
        count,
        l10n.t('1 change while you were away'),
        l10n.t('{0} changes while you were away', count),
      );
    }
    default:
      return type satisfies never;
  }
}

/** Whether every step is known. */
export function awayCertainty(how: AwayChange['how']): string {
  return how === 'observed' ? l10n.t('every step was observed') : l10n.t('steps in between may be missing');
}
