import * as l10n from '@vscode/l10n';
import type { AddonHealth } from '../../src/persona/health';
import type { AddonType } from '../../src/persona/personaStatus';

export function addonHealthText(health: AddonHealth): string {
  switch (health) {
    case 'ok':
      return l10n.t('healthy');
    case 'warning':
    case 'error':
      return l10n.t('unhealthy');
    case 'unknown':
      return l10n.t('health unknown');
    case 'notInstalled':
      return l10n.t('not installed');
    default:
      return health satisfies never;
  }
}

export function addonTypeText(type: AddonType): string {
  switch (type) {
    case 'gitops':
      return l10n.t('GitOps');
    case 'monitoring':
      return l10n.t('Monitoring');
    case 'logging':
      return l10n.t('Logging');
    case 'ingress':
      return l10n.t('Ingress');
    case 'service-mesh':
      return l10n.t('Service mesh');
    case 'secrets':
      return l10n.t('Secrets');
    case 'cert-management':
      return l10n.t('Certificates');
    case 'other':
      return l10n.t('Other');
    default:
      return type satisfies never;
  }
}
