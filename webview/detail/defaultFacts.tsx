import * as l10n from '@vscode/l10n';
import type { ComputeQuantities, PersonaSpec } from '../../src/persona/personaSpec';
import { countText } from '../../src/texts/countText';
import { CodeList } from '../ui/CodeList';
import type { Fact } from '../ui/FactList';
import { formatCount } from '../ui/formatNumber';

/** Defaults and quotas as lines to read, quantities as they were written; what was not declared has none. */
export function defaultFacts({ defaults, resourceQuotas: quotas }: PersonaSpec): readonly Fact[] {
  const scaling = defaults?.scaling;
  const facts: readonly (Fact | undefined)[] = [
    code(l10n.t('Namespace'), defaults?.namespace),
    code(l10n.t('Registry'), defaults?.registry),
    words(l10n.t('Requests'), computeParts(defaults?.resources?.requests)),
    words(l10n.t('Limits'), computeParts(defaults?.resources?.limits)),
    words(l10n.t('Scaling'), [
      scaling?.minReplicas === undefined
        ? undefined
        : l10n.t('at least {0}', formatCount(scaling.minReplicas)),
      scaling?.maxReplicas === undefined
        ? undefined
        : l10n.t('at most {0}', formatCount(scaling.maxReplicas)),
      scaling?.targetCPU === undefined ? undefined : l10n.t('at {0} % CPU', formatCount(scaling.targetCPU)),
    ]),
    words(l10n.t('A namespace may have'), [
      ...computeParts({ cpu: quotas?.maxCPUPerNamespace, memory: quotas?.maxMemoryPerNamespace }),
      quotas?.maxPodsPerNamespace === undefined
        ? undefined
        : countText(
            quotas.maxPodsPerNamespace,
            l10n.t('1 pod'),
            l10n.t('{0} pods', formatCount(quotas.maxPodsPerNamespace)),
          ),
      quotas?.maxPVCsPerNamespace === undefined
        ? undefined
        : countText(
            quotas.maxPVCsPerNamespace,
            l10n.t('1 volume claim'),
            l10n.t('{0} volume claims', formatCount(quotas.maxPVCsPerNamespace)),
          ),
    ]),
  ];
  return facts.filter((fact) => fact !== undefined);
}

function code(label: string, value: string | undefined): Fact | undefined {
  return value === undefined ? undefined : { label, value: <CodeList items={[value]} /> };
}

function words(label: string, parts: readonly (string | undefined)[]): Fact | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : { label, value: known.join(', ') };
}

function computeParts(quantities: ComputeQuantities | undefined): readonly (string | undefined)[] {
  return [
    quantities?.cpu === undefined ? undefined : l10n.t('CPU {0}', quantities.cpu),
    quantities?.memory === undefined ? undefined : l10n.t('memory {0}', quantities.memory),
  ];
}
