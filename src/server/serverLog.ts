import { destination, pino, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Logger } from '../base/logger';

/** What may wait while whoever reads the log does not; beyond it lines are left out. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

export interface ServerLog {
  readonly logger: Logger;
  /** Writes what waits, before the process ends. */
  flush(): void;
}

/** Writes to the standard output: a JSON object a line, or lines for people. */
export function createServerLog(format: 'json' | 'pretty'): ServerLog {
  const output = destination({ fd: 1, sync: false, maxLength: MAX_WAITING_BYTES });
  const log = pino(
    {
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    format === 'json' ? output : PinoPretty({ destination: output, translateTime: 'SYS:HH:MM:ss.l' }),
  );
  return {
    logger: {
      debug: (message) => log.debug(message),
      info: (message) => log.info(message),
      warn: (message) => log.warn(message),
      error: (message, cause) =>
        cause === undefined ? log.error(message) : log.error({ err: cause }, message),
    },
    flush: () => {
      try {
        output.flushSync();
      } catch {
        // Whoever read it is gone, or it was never opened.
      }
    },
  };
}
