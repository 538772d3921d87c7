import { startView } from '../realtime/startView';
import { ConnectionNotice } from '../ui/ConnectionNotice';
import { logsSurface } from './logsSurface';
import './logs.css';

startView(logsSurface, (state) => <ConnectionNotice state={state} />);
