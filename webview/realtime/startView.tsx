import * as l10n from '@vscode/l10n';
import { StrictMode, type ReactElement, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { View } from '../../src/protocol/messages';
import type { ConnectionState } from '../../src/client/hubClient';
import { rememberView } from '../bridge/viewStateStorage';
import { vsCodeApi } from '../bridge/vsCodeApi';
import type { Connection } from './connection';
import { ConnectionProvider } from './connectionContext';
import { openConnection } from './openConnection';
import { useConnectionState } from './useConnectionState';

export interface ViewRenderers {
  /** The view the host asks for; called once the texts of its language are there. */
  readonly view: (view: View) => ReactNode;
  /** What stands there while no messages flow. */
  readonly notice: (state: Exclude<ConnectionState['type'], 'open'>) => ReactNode;
}

/** Connects this webview and renders into the page's `#root`. */
export function startView(renderers: ViewRenderers): void {
  const root = document.getElementById('root');
  if (root === null) {
    throw new Error('the page has no element with the id root');
  }
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
      <ViewRoot connection={connection} renderers={renderers} />
    </StrictMode>,
  );
}

/** Shows the view once the host has greeted, and why not until then. */
function ViewRoot(props: {
  readonly connection: Connection;
  readonly renderers: ViewRenderers;
}): ReactElement {
  return (
    <ConnectionProvider connection={props.connection}>
      <Greeted renderers={props.renderers} />
    </ConnectionProvider>
  );
}

function Greeted({ renderers }: { readonly renderers: ViewRenderers }): ReactNode {
  const state = useConnectionState();
  if (state.type !== 'open') {
    return renderers.notice(state.type);
  }
  // A host that names no view has a page of its own that needs none.
  return state.hello.view === undefined ? renderers.notice('incompatible') : renderers.view(state.hello.view);
}
