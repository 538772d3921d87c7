import { useEffect, useState, type ReactElement } from 'react';
import type * as v from 'valibot';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { View } from '../../src/protocol/messages';
import { historyState } from '../bridge/browser/historyState';
import { viewStateStorage } from '../bridge/viewStateStorage';
import { detailSurface } from '../detail/detailSurface';
import { FleetApp } from '../fleet/FleetApp';
import { fleetPlaceSchema, INITIAL_FLEET_STATE, type FleetState } from '../fleet/fleetState';
import { logsSurface } from '../logs/logsSurface';
import type { FleetBook } from '../realtime/fleetBook';
import type { Surface } from '../realtime/surface';
import { createViewStore } from '../realtime/viewStore';
import { LogsRoute } from './LogsRoute';
import type { Route } from './route';
import type { Router } from './router';

export interface RouteViewProps {
  readonly route: Exclude<Route, { type: 'nowhere' }>;
  readonly router: Router;
  readonly fleet: FleetBook;
}

/** What stands at an address. The reader's choices are those that they made there when they last were. */
export function RouteView({ route, router, fleet }: RouteViewProps): ReactElement {
  switch (route.type) {
    case 'fleet':
      return <FleetRoute {...{ route, router, fleet }} />;
    case 'detail': {
      const { source, name } = route;
      return <SurfaceView surface={detailSurface} view={{ type: 'detail', source, name }} />;
    }
    case 'logs':
      return (
        <LogsRoute
          route={route}
          render={(view) => <SurfaceView key={JSON.stringify(view)} surface={logsSurface} view={view} />}
        />
      );
    default:
      return route satisfies never;
  }
}

function SurfaceView<T extends View['type'], S extends object>(props: {
  readonly surface: Surface<T, S>;
  readonly view: Extract<View, { readonly type: T }>;
}): ReactElement {
  const { surface, view } = props;
  const [store] = useState(() =>
    createViewStore(viewStateStorage(historyState, surface.stateSchema), surface.initialState),
  );
  return <>{surface.render(view, store)}</>;
}

const placeStorage = viewStateStorage<v.InferOutput<typeof fleetPlaceSchema>>(historyState, fleetPlaceSchema);

/** The list's filter and order are in its address, to be sent to others; where the reader is in it is their own. */
function FleetRoute(props: {
  readonly route: Extract<Route, { type: 'fleet' }>;
  readonly router: Router;
  readonly fleet: FleetBook;
}): ReactElement {
  const { route, router, fleet } = props;
  const [store] = useState((): StoreApi<FleetState> => {
    const { filter, sort } = route;
    return createStore(() => ({ ...INITIAL_FLEET_STATE, ...placeStorage.read(), filter, sort }));
  });
  useEffect(
    () =>
      store.subscribe(({ filter, sort, current, top }, before) => {
        placeStorage.write({ current, top });
        if (filter !== before.filter || sort !== before.sort) {
          router.replace({ type: 'fleet', filter, sort });
        }
      }),
    [store, router],
  );
  return <FleetApp book={fleet} store={store} />;
}
