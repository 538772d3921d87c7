import * as l10n from '@vscode/l10n';
import type { Route } from './route';

/** What the tab of a place is called: what tells it from others comes first. */
export function routeTitle(route: Route): string {
  switch (route.type) {
    case 'fleet':
      return l10n.t('Clusters · ClusterPersona');
    case 'detail':
      return l10n.t('{0} · ClusterPersona', route.name);
    case 'logs':
      return route.addon === undefined
        ? l10n.t('Logs · {0} · ClusterPersona', route.name)
        : l10n.t('{0} logs · {1} · ClusterPersona', route.addon, route.name);
    case 'nowhere':
      return l10n.t('Nothing here · ClusterPersona');
    default:
      return route satisfies never;
  }
}
