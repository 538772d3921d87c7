import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Surface } from '../realtime/surface';
import { DetailApp } from './DetailApp';
import { detailStateSchema, INITIAL_DETAIL_STATE, type DetailState } from './detailState';

export const detailSurface: Surface<'detail', DetailState> = {
  type: 'detail',
  stateSchema: detailStateSchema,
  initialState: INITIAL_DETAIL_STATE,
  render: (view, store) => (
    <DetailApp key={JSON.stringify(view)} source={view.source} name={view.name} store={store} />
  ),
};
