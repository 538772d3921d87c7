import type { Logger } from '../../../../src/base/logger';

function fail(message: string, error?: unknown): never {
  throw new Error(`nothing should have been logged: ${message}`, { cause: error });
}

/** For demos in which nothing may go wrong. */
export const failingLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: fail,
  error: fail,
};
