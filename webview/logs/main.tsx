import { startView } from '../realtime/startView';
import { ConnectionNotice } from '../ui/ConnectionNotice';
import { logsSurface } from './logsSurface';
import '../ui/ui.css';
import './logs.css';

startView(logsSurface, (state) => <ConnectionNotice state={state} />);
