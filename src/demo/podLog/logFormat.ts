import type { LogLevel } from './logMessage';

/** A message as it happened, ready to be put into a program's format. */
interface LogEntry {
  readonly timeMs: number;
  /** Six digits: the part of the instant below a millisecond, in nanoseconds. */
  readonly nanos: string;
  readonly level: LogLevel;
  readonly text: string;
  readonly origin: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type LogFormat = (entry: LogEntry) => string;

/** RFC 3339 with nine digits of the second's fraction. */
export function nanoTime(timeMs: number, nanos: string): string {
  return new Date(timeMs).toISOString().replace('Z', `${nanos}Z`);
}

/** `I1123 08:00:00.123456       1 controller.go:1112] Something`, the format of Kubernetes' own components. */
export const klog: LogFormat = ({ timeMs, nanos, level, text, origin, fields }) => {
  const iso = new Date(timeMs).toISOString();
  const letter = { debug: 'I', info: 'I', warn: 'W', error: 'E' }[level];
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${quoted(value)}`);
  return (
    `${letter}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}${nanos.slice(0, 3)}       1 ${origin}] ` +
    (pairs.length === 0 ? text : `"${text}"${pairs.join('')}`)
  );
};

/** One JSON object a line, as zap writes it. */
export const jsonLines: LogFormat = ({ timeMs, level, text, origin, fields }) =>
  JSON.stringify({ level, ts: new Date(timeMs).toISOString(), logger: origin, msg: text, ...fields });

/** `time="…" level=info msg="…" key=value`, the format of logrus and many Go programs. */
export const logfmt: LogFormat = ({ timeMs, level, text, origin, fields }) =>
  [
    `time=${JSON.stringify(new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z'))}`,
    `level=${level === 'warn' ? 'warning' : level}`,
    `msg=${JSON.stringify(text)}`,
    `component=${origin}`,
    ...Object.entries(fields).map(([key, value]) => `${key}=${bare(value)}`),
  ].join(' ');

/** `ts=… level=info caller=… msg="…"`, the format of Prometheus and Loki. */
export const goKitLogfmt: LogFormat = ({ timeMs, level, text, origin, fields }) =>
  [
    `ts=${new Date(timeMs).toISOString()}`,
    `caller=${origin}`,
    `level=${level}`,
    ...Object.entries(fields).map(([key, value]) => `${key}=${bare(value)}`),
    `msg=${JSON.stringify(text)}`,
  ].join(' ');

/** `[2025/11/23 08:00:00] [ info] [output:es:es.0] something`, the format of Fluent Bit. */
export const fluentBit: LogFormat = ({ timeMs, level, text, origin }) => {
  const iso = new Date(timeMs).toISOString();
  return `[${slashDate(iso)}] [${level.padStart(5)}] [${origin}] ${text}`;
};

/** Tab-separated, the format of Istio. */
export const tabbed: LogFormat = ({ timeMs, nanos, level, text, origin }) =>
  [`${new Date(timeMs).toISOString().replace('Z', '')}${nanos.slice(0, 3)}Z`, level, origin, text].join('\t');

/** A line that is its text: the message carries whatever its program writes. */
export const plain: LogFormat = ({ text }) => text;

/** `2025/11/23 08:00:00`, as Fluent Bit and nginx date their lines. */
export function slashDate(iso: string): string {
  return `${iso.slice(0, 10).replaceAll('-', '/')} ${iso.slice(11, 19)}`;
}

function quoted(value: string): string {
  return /^\d+$/.test(value) ? value : JSON.stringify(value);
}

function bare(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
}
