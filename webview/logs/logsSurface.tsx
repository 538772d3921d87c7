import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { Surface } from '../realtime/surface';
import { LogsApp } from './LogsApp';
import { INITIAL_LOGS_STATE, logsStateSchema, type LogsState } from './logsState';

export const logsSurface: Surface<'logs', LogsState> = {
  type: 'logs',
  stateSchema: logsStateSchema,
  initialState: INITIAL_LOGS_STATE,
  render: (view, store) => <LogsApp key={JSON.stringify(view)} view={view} store={store} />,
};
