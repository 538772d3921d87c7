import * as l10n from '@vscode/l10n';

/** "Kubernetes 1.34.2+k3s1": whatever the API server reports, without the `v` in front of it. */
export function kubernetesVersionText(version: string): string {
  return l10n.t('Kubernetes {0}', version.replace(/^v(?=\d)/, ''));
}
