import type { SourceState } from '../../src/protocol/sourceState';
import type { Look } from './healthLook';

/** How the state of a source looks, wherever it stands. */
export function stateLook(state: SourceState): Look {
  switch (state.type) {
    case 'live':
      return { icon: 'circle-large-filled', tone: 'ok' };
    case 'connecting':
    case 'syncing':
      return { icon: 'sync~spin', tone: 'plain' };
    case 'stale':
    case 'reconnecting':
      return { icon: 'debug-disconnect', tone: 'warning' };
    case 'unauthorized':
      return { icon: 'key', tone: 'warning' };
    case 'forbidden':
      return { icon: 'lock', tone: 'warning' };
    case 'notInstalled':
      return { icon: 'circle-slash', tone: 'warning' };
    case 'failed':
      return { icon: 'error', tone: 'error' };
    case 'paused':
      return { icon: 'debug-pause', tone: 'plain' };
    case 'idle':
      return { icon: 'plug', tone: 'muted' };
    default:
      return state satisfies never;
  }
}
