import * as l10n from '@vscode/l10n';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { StoreApi } from 'zustand/vanilla';
import type { ConnectionState } from '../../src/client/hubClient';
import type { View } from '../../src/protocol/messages';
import { vsCodeApi } from '../bridge/editor/vsCodeApi';
import { rememberView, viewStateStorage } from '../bridge/viewStateStorage';
import { ConnectionProvider } from './connectionContext';
import { openConnection } from './openConnection';
import { shows, type Surface } from './surface';
import { useConnectionState } from './useConnectionState';
import { createViewStore } from './viewStore';

/** What stands there while no messages flow. */
type RenderNotice = (state: Exclude<ConnectionState['type'], 'open'>) => ReactNode;

/** Connects this webview to its editor, and renders the view that the editor asks for into the page's `#root`. */
export function startView<T extends View['type'], S extends object>(
  surface: Surface<T, S>,
  notice: RenderNotice,
): void {
  const root = document.getElementById('root');
  if (root === null) {
    throw new Error('the page has no element with the id root');
  }
  const store = createViewStore(viewStateStorage(vsCodeApi(), surface.stateSchema), surface.initialState);
  const connection = openConnection();
  connection.client.onStateChange((state) => {
    if (state.type === 'open') {
      // Before the listeners that render: texts are looked up while rendering.
      l10n.config({ contents: state.hello.texts });
      document.documentElement.lang = state.hello.language;
      if (state.hello.view !== undefined) {
        rememberView(vsCodeApi(), state.hello.view);
      }
    }
  });
  createRoot(root).render(
    <StrictMode>
      <ConnectionProvider connection={connection}>
        <Greeted {...{ surface, store, notice }} />
      </ConnectionProvider>
    </StrictMode>,
  );
}

/** Shows the view once the editor has greeted, and why not until then. */
function Greeted<T extends View['type'], S extends object>(props: {
  readonly surface: Surface<T, S>;
  readonly store: StoreApi<S>;
  readonly notice: RenderNotice;
}): ReactNode {
  const { surface, store, notice } = props;
  const state = useConnectionState();
  if (state.type !== 'open') {
    return notice(state.type);
  }
  const { view } = state.hello;
  // One that names no view, or that of another surface, is of another version.
  return view === undefined || !shows(surface, view) ? notice('incompatible') : surface.render(view, store);
}
