export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

/** A level stands near the start of its line; the rest of a long line is not searched. */
const SEARCHED_CHARS = 240;

/** `I1123 08:00:00.000000` as k8s.io/klog writes it. */
const KLOG = /^([IWEF])\d{4} /;
/** `level=warn`, `"severity":"ERROR"` and the like, of logfmt and JSON. */
const KEYED = /\b(?:level|lvl|severity)["']?\s*[:=]\s*["']?([a-z]+)/i;
/** Upper case or in brackets: in prose, "error" is no level. */
const WORD =
  /\b(FATAL|PANIC|CRITICAL|ERROR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE)\b|\[(fatal|panic|crit|emerg|alert|error|warn|warning|notice|info|debug|trace)\]/;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  f: 'error',
  e: 'error',
  fatal: 'error',
  panic: 'error',
  crit: 'error',
  critical: 'error',
  emerg: 'error',
  alert: 'error',
  error: 'error',
  err: 'error',
  w: 'warning',
  warn: 'warning',
  warning: 'warning',
  i: 'info',
  info: 'info',
  notice: 'info',
  debug: 'debug',
  trace: 'debug',
};

/** The level of a line as its program wrote it; `undefined` where it wrote none that is known. */
export function logLevel(text: string): LogLevel | undefined {
  const start = text.slice(0, SEARCHED_CHARS);
  const match = KLOG.exec(start) ?? KEYED.exec(start) ?? WORD.exec(start);
  const word = match?.[1] ?? match?.[2];
  return word === undefined ? undefined : LEVELS[word.toLowerCase()];
}
