import * as l10n from '@vscode/l10n';
import type { ViewFigures } from '../doctor/realtimeFigures';
import type { RateReason } from '../hub/flow/backpressureController';

/** What kind of view it is. */
export function viewKindText(view: ViewFigures['view']): string {
  switch (view) {
    case 'detail':
      return l10n.t('Detail panel');
    case 'logs':
      return l10n.t('Add-on logs');
    default:
      return view satisfies never;
  }
}

/** Why the rate is what it is, as a sentence without an end. */
export function rateReasonText(reason: RateReason): string {
  switch (reason) {
    case 'initial':
      return l10n.t('at its first rate');
    case 'eventLoop':
      return l10n.t('slowed down: the extension host is busy');
    case 'heap':
      return l10n.t('slowed down: the heap is nearly full');
    case 'frameRate':
      return l10n.t('slowed down: the view is painted too rarely');
    case 'calm':
      return l10n.t('sped up: there is room');
    case 'settings':
      return l10n.t('moved into the bounds of the settings');
    default:
      return reason satisfies never;
  }
}

function shareText(share: number | undefined): string {
  return share === undefined ? l10n.t('unknown') : l10n.t('{0} %', Math.round(100 * share));
}

/** One decimal below ten, none from there on. */
export function perSecondText(figure: number | undefined): string {
  if (figure === undefined) {
    return l10n.t('unknown');
  }
  const digits = figure < 10 && !Number.isInteger(figure) ? 1 : 0;
  return figure.toLocaleString(undefined, { maximumFractionDigits: digits });
}

/** The load of the extension host in a line. */
export function loadText(eventLoopUtilisation: number | undefined, heapFraction: number | undefined): string {
  return l10n.t(
    'Event loop at work: {0} · Heap in use: {1}',
    shareText(eventLoopUtilisation),
    shareText(heapFraction),
  );
}
