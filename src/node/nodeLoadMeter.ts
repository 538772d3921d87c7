import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { LoadMeter } from '../base/loadMeter';

/** The figures of this Node.js process. */
export const nodeLoadMeter: LoadMeter = {
  read() {
    const { active, idle } = performance.eventLoopUtilization();
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return {
      // Where another loop drives Node's, as Electron's may, the time it waits is counted nowhere: such a loop would look
      // busy for ever. One that never waited for a millisecond since its start is taken for that.
      eventLoop: idle > 0 ? { activeMs: active, idleMs: idle } : undefined,
      heapFraction: limit > 0 ? used / limit : undefined,
    };
  },
};
