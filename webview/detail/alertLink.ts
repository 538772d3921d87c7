import * as l10n from '@vscode/l10n';
import type { Alert } from '../../src/protocol/alert';
import type { AlertLink } from '../ui/AlertStrip';
import type { DetailTab } from './detailState';

/** The tab in which more is told of what an alert is about; `undefined` where the head and the tiles tell it all. */
export function alertLink(
  { rule }: Pick<Alert, 'rule'>,
  onOpenTab: (tab: DetailTab) => void,
): AlertLink | undefined {
  switch (rule) {
    case 'nodeNotReady':
      return { label: l10n.t('Nodes'), onOpen: () => onOpenTab('nodes') };
    case 'addonUnhealthy':
      return { label: l10n.t('Add-ons'), onOpen: () => onOpenTab('addons') };
    case 'conditionFalse':
      return { label: l10n.t('Conditions'), onOpen: () => onOpenTab('conditions') };
    case 'phaseDegraded':
    case 'phaseUnknown':
    case 'cpuHigh':
    case 'memoryHigh':
    case 'discoveryOld':
    case 'sourceStale':
      return undefined;
    default:
      return rule satisfies never;
  }
}
