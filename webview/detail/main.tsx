import { startView } from '../realtime/startView';
import { ConnectionNotice } from '../ui/ConnectionNotice';
import { detailSurface } from './detailSurface';
import '../ui/ui.css';
import './detail.css';

startView(detailSurface, (state) => <ConnectionNotice state={state} />);
