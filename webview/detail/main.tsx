import '@vscode-elements/elements/dist/vscode-button/index.js';
import { viewStateStorage } from '../bridge/viewStateStorage';
import { vsCodeApi } from '../bridge/vsCodeApi';
import { startView } from '../realtime/startView';
import { createViewStore } from '../realtime/viewStore';
import { ConnectionNotice } from '../ui/ConnectionNotice';
import { DetailApp } from './DetailApp';
import { detailStateSchema, INITIAL_DETAIL_STATE } from './detailState';
import './detail.css';

const store = createViewStore(viewStateStorage(vsCodeApi(), detailStateSchema), INITIAL_DETAIL_STATE);

startView({
  view: (view) =>
    view.type === 'detail' ? (
      <DetailApp key={JSON.stringify(view)} source={view.source} name={view.name} store={store} />
    ) : (
      <ConnectionNotice state="incompatible" />
    ),
  notice: (state) => <ConnectionNotice state={state} />,
});
