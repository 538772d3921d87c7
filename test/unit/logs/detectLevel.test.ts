import assert from 'node:assert/strict';
import { detectLevel } from '../../../src/logs/detectLevel';
import { levelName } from '../../../src/logs/levelCode';
import type { LogLevel } from '../../../src/protocol/podLog';

const ESCAPE = String.fromCharCode(27);

function levelOf(text: string): LogLevel | undefined {
  const bytes = new TextEncoder().encode(`before ERROR|${text}|after ERROR`);
  const start = 'before ERROR|'.length;
  return levelName(detectLevel(bytes, start, bytes.length - '|after ERROR'.length));
}

describe('the level of a line', () => {
  const cases: readonly (readonly [string, LogLevel | undefined])[] = [
    // klog
    ['I1123 14:00:12.000000       1 controller.go:42] ERROR is in the text', 'info'],
    ['W1123 14:00:12.000000       1 controller.go:42] slow', 'warning'],
    ['E1123 14:00:12.000000       1 controller.go:42] gone', 'error'],
    ['F1123 14:00:12.000000       1 controller.go:42] dead', 'error'],
    ['I112 no header', undefined],
    ['E1123', undefined],
    // JSON
    ['{"level":"info","msg":"an ERROR is in the text"}', 'info'],
    ['{"msg":"INFO x","severity":"WARNING"}', 'warning'],
    ['{"ts":1,"level" : "fatal"}', 'error'],
    ['{"level":30,"msg":"pino"}', 'info'],
    ['{"name":"bunyan","level":50}', 'error'],
    ['{"level":300}', undefined],
    ['{"log.level":"debug"}', 'debug'],
    ['{"log":"{\\"level\\":\\"warn\\"}"}', 'warning'],
    // logfmt
    ['ts=1 level=debug msg=x', 'debug'],
    ['time="2026" lvl=eror msg=x', undefined],
    ['level="error" x', 'error'],
    ['level=unknown then WARN', 'warning'],
    ['a level of its own', undefined],
    // common
    ['2026-11-23 14:00:00 ERROR upstream closed', 'error'],
    ['2026/11/23 [warn] 7#7: slow', 'warning'],
    ['[2025/11/23 08:00:00] [ info] [output:es] x', 'info'],
    ['[error] x', 'error'],
    ['2026-11-23T08:00:00.123Z\tinfo\tads\tx', 'info'],
    [`${ESCAPE}[32mINFO${ESCAPE}[0m started`, 'info'],
    [`${ESCAPE}[1;31mERROR${ESCAPE}[0m`, 'error'],
    ['TRACE a', 'debug'],
    ['WARNING: b', 'warning'],
    ['found no error in 3 files', undefined],
    ['ERRORS is a word of its own', undefined],
    ['E and I are no levels', undefined],
    [`${'x'.repeat(300)} ERROR too far`, undefined],
    ['', undefined],
    ['\u0000\u0001', undefined],
    [ESCAPE, undefined],
    [`${ESCAPE}[`, undefined],
    ['level=', undefined],
    ['level', undefined],
  ];
  for (const [text, level] of cases) {
    it(`is ${level ?? 'none'} in ${JSON.stringify(text.slice(0, 60))}`, () =>
      assert.equal(levelOf(text), level));
  }
});
