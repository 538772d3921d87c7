import { EventLoopDelay } from './eventLoopDelay';
import { serveProgram } from './serveProgram';

const delay = new EventLoopDelay();

serveProgram({
  begin: () => delay.begin(),
  end: () => delay.end(),
});
