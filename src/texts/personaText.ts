import * as l10n from '@vscode/l10n';
import type { Environment, Phase } from '../protocol/summaryRow';

/** A phase as it is said; Kubernetes' own words stay. */
export function phaseText(phase: Phase): string {
  switch (phase) {
    case 'NotDiscovered':
      return l10n.t('not discovered yet');
    case 'Discovering':
      return l10n.t('Discovering');
    case 'Ready':
      return l10n.t('Ready');
    case 'Degraded':
      return l10n.t('Degraded');
    case 'Unknown':
      return l10n.t('Unknown');
    default:
      return phase satisfies never;
  }
}

export function environmentText(environment: Environment): string {
  switch (environment) {
    case 'development':
      return l10n.t('development');
    case 'staging':
      return l10n.t('staging');
    case 'production':
      return l10n.t('production');
    case 'sandbox':
      return l10n.t('sandbox');
    default:
      return environment satisfies never;
  }
}
