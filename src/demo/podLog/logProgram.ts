import type { Random } from '../../base/random';
import { pickWeighted } from '../chance';
import type { LogFormat } from './logFormat';
import { fillIn, type LogMessage } from './logMessage';

/** What one kind of container writes. */
export interface LogProgram {
  readonly linesPerSecond: number;
  /** One line, without its line feed. `nanos`: six digits of the instant below a millisecond. */
  line(random: Random, timeMs: number, nanos: string): string;
}

/** A program that says its messages over and over, in one format. */
export function messageProgram(
  linesPerSecond: number,
  format: LogFormat,
  messages: readonly [LogMessage, ...LogMessage[]],
): LogProgram {
  return {
    linesPerSecond,
    line(random, timeMs, nanos) {
      const { level, text, origin, fields = {} } = pickWeighted(random, messages);
      const filled = Object.entries(fields).map(([key, value]) => [key, fillIn(value, random)]);
      return format({
        timeMs,
        nanos,
        level,
        origin,
        text: fillIn(text, random),
        fields: Object.fromEntries(filled),
      });
    },
  };
}
