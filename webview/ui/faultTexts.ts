import * as l10n from '@vscode/l10n';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { addonHealth, conditionHealth } from '../../src/persona/health';
import type { AlertRule } from '../../src/protocol/alert';
import { formatCount } from './formatNumber';

/**
 * What keeps a cluster from being well, worst first, each in a few words. A single thing is named, several are counted.
 * Faults of which an alert of `told` tells already are left out.
 */
export function faultTexts(
  persona: ClusterPersona,
  told: ReadonlySet<AlertRule> = new Set(),
): readonly string[] {
  const { status } = persona;
  const nodes = (status?.nodes ?? []).filter((node) => node.ready === false);
  const addons = (status?.addons ?? []).filter((addon) => addonHealth(addon) === 'error');
  const faults = [
    ...(told.has('nodeNotReady')
      ? []
      : inWords(
          nodes,
          (name) => l10n.t('node {0} not ready', name),
          (count) => l10n.t('{0} nodes not ready', count),
        )),
    ...(told.has('addonUnhealthy')
      ? []
      : inWords(
          addons,
          (name) => l10n.t('add-on {0} unhealthy', name),
          (count) => l10n.t('{0} add-ons unhealthy', count),
        )),
  ];
  if (nodes.length > 0 || addons.length > 0 || told.has('conditionFalse')) {
    return faults;
  }
  // A condition only sums up what the lists say in detail, and is often older. Nothing keeps it from being there twice.
  const types = (status?.conditions ?? [])
    .filter((condition) => condition.status === 'False' && conditionHealth(condition) !== 'unknown')
    .map(({ type }) => type);
  return [...new Set(types)].map((type) => l10n.t('condition {0} is False', type));
}

function inWords(
  things: readonly { readonly name: string }[],
  one: (name: string) => string,
  many: (count: string) => string,
): readonly string[] {
  const [first] = things;
  if (first === undefined) {
    return [];
  }
  return [things.length === 1 ? one(first.name) : many(formatCount(things.length))];
}
