import * as l10n from '@vscode/l10n';
import { useMemo, type ReactElement } from 'react';
import { decodePersona } from '../../src/persona/clusterPersona';
import { addonNamespace } from '../../src/persona/addonNamespace';
import type { PersonaAddon } from '../../src/persona/personaStatus';
import type { LogsView } from '../logs/logsView';
import { useCluster } from '../realtime/useCluster';
import { EmptyState } from '../ui/EmptyState';
import { Skeleton } from '../ui/Skeleton';
import { withKeys } from '../ui/withKeys';
import { routeHref, type Route } from './route';

export interface LogsRouteProps {
  readonly route: Extract<Route, { type: 'logs' }>;
  readonly render: (view: LogsView) => ReactElement;
}

/** The log of an add-on: an address names it, and its cluster says in which namespace it is. Without one, the choice. */
export function LogsRoute({ route, render }: LogsRouteProps): ReactElement {
  const { source, name, addon } = route;
  const cluster = useCluster(source, name);
  const object = cluster.type === 'found' ? cluster.object : undefined;
  const addons = useMemo(
    () => (object === undefined ? undefined : withLogs(decodePersona(object).status?.addons ?? [])),
    [object],
  );
  const namespace = addons?.find((one) => one.addon === addon)?.namespace;
  if (addon !== undefined && namespace !== undefined) {
    return render({ type: 'logs', source, name, addon, namespace });
  }
  if (cluster.type === 'loading') {
    return (
      <main className="page">
        <Skeleton tiles={0} rows={8} />
      </main>
    );
  }
  if (addons === undefined) {
    return (
      <main className="page">
        <EmptyState
          icon="question"
          title={l10n.t('Nothing is known of {0}', name)}
          text={l10n.t('Its logs can be chosen once its cluster is read.')}
        />
      </main>
    );
  }
  return (
    <main className="page">
      <h1>{l10n.t('Logs of {0}', name)}</h1>
      {addon !== undefined && (
        <p>{l10n.t('{0} is not installed in {1}, or its namespace is not known.', addon, name)}</p>
      )}
      {addons.length === 0 ? (
        <EmptyState
          icon="output"
          title={l10n.t('There are no logs to follow')}
          text={l10n.t(
            '{0} reports no installed add-on with a namespace, so there are no pods to follow.',
            name,
          )}
        />
      ) : (
        <Choice {...{ source, name, addons }} />
      )}
    </main>
  );
}

interface AddonWithLogs {
  readonly addon: string;
  readonly namespace: string;
}

function withLogs(addons: readonly PersonaAddon[]): readonly AddonWithLogs[] {
  return addons.flatMap((addon) => {
    const namespace = addonNamespace(addon);
    return namespace === undefined ? [] : [{ addon: addon.name, namespace }];
  });
}

function Choice(props: {
  readonly source: string;
  readonly name: string;
  readonly addons: readonly AddonWithLogs[];
}): ReactElement {
  const { source, name, addons } = props;
  return (
    <ul className="choices" aria-label={l10n.t('Add-ons')}>
      {withKeys(addons, ({ addon }) => addon).map(({ item: { addon, namespace }, key }) => (
        <li key={key}>
          <a className="choice" href={routeHref({ type: 'logs', source, name, addon })}>
            <strong>{addon}</strong> <span className="muted">{namespace}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
