import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { viewStateStorage } from '../bridge/viewStateStorage';
import { vsCodeApi } from '../bridge/vsCodeApi';
import { startView } from '../realtime/startView';
import { createViewStore } from '../realtime/viewStore';
import { ConnectionNotice } from '../ui/ConnectionNotice';
import { LogsApp } from './LogsApp';
import { INITIAL_LOGS_STATE, logsStateSchema } from './logsState';
import './logs.css';

const store = createViewStore(viewStateStorage(vsCodeApi(), logsStateSchema), INITIAL_LOGS_STATE);

startView({
  view: (view) =>
    view.type === 'logs' ? (
      <LogsApp key={JSON.stringify(view)} view={view} store={store} />
    ) : (
      <ConnectionNotice state="incompatible" />
    ),
  notice: (state) => <ConnectionNotice state={state} />,
});
