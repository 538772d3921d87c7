import type { LogLevel } from '../protocol/podLog';

/** How a level is kept with its line: the more severe the greater, 0 where a line says none. */
export type LevelCode = 0 | 1 | 2 | 3 | 4;

export const LEVEL = { none: 0, debug: 1, info: 2, warning: 3, error: 4 } as const satisfies Record<
  LogLevel | 'none',
  LevelCode
>;

const NAMES: readonly (LogLevel | undefined)[] = [undefined, 'debug', 'info', 'warning', 'error'];

export function levelName(code: number): LogLevel | undefined {
  return NAMES[code];
}
