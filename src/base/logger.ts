import { oneLine } from './oneLine';

/** Where the layers say what happens. Never give it a token, a certificate or a kubeconfig's content. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /** `cause` is rendered with its stack; it must not carry secrets. */
  error(message: string, cause?: unknown): void;
}

export const nullLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A name; more of it tells nobody more. */
const MAX_SCOPE_CHARS = 200;

/** Puts `[scope] ` before each message, on one line whatever the scope is called. */
export function scopedLogger(logger: Logger, name: string): Logger {
  const scope = oneLine(name, MAX_SCOPE_CHARS);
  return {
    debug: (message) => logger.debug(`[${scope}] ${message}`),
    info: (message) => logger.info(`[${scope}] ${message}`),
    warn: (message) => logger.warn(`[${scope}] ${message}`),
    error: (message, cause) => logger.error(`[${scope}] ${message}`, cause),
  };
}
