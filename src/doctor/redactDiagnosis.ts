import { redact } from '../base/redact';
import type { CheckResult, Diagnosis, PrivateName } from './diagnosis';

type NameKind = PrivateName['kind'];

/** Long enough for every line that a check writes; a certificate's alternative names are the longest. */
const MAX_LINE_CHARS = 2_000;
/** Some of the patterns below take time in the square of a hostile line's length: 10 ms for one as long as this. */
const MAX_READ_CHARS = 4_000;

/** What tells nobody apart: words of Kubernetes itself, and names that every cluster has. */
const COMMON_NAMES: ReadonlySet<string> = new Set([
  'clusterpersonas',
  'clusterpersonas.dorgu.io',
  'dorgu.io',
  'pods',
  'pods/log',
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'kube-apiserver',
  'system:anonymous',
  'system:authenticated',
  'system:unauthenticated',
  'system:masters',
  'system:serviceaccounts',
  'system:nodes',
  'default',
  'kube-system',
]);
/** Groups of Kubernetes' own API, and of the resource that is shown. */
const COMMON_HOST = /(?:^|\.)(?:k8s|dorgu)\.io$/i;
/** What an API server's own paths begin with; any other path is one of a machine. */
const API_PATH = /^\/(?:apis?|version|openapi|healthz|livez|readyz)(?:[/?]|$)/;

const IP_V4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)/g;
/** At least two colons: a time of day has hours, minutes and seconds, and is told from it by what it replaces. */
const IP_V6 =
  /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)?(?![\w:])/gi;
const TIME_OF_DAY = /^\d{1,2}:\d{2}:\d{2}$/;
const EMAIL = /[^\s"'<>()[\]{},;:=‹›]+@[^\s"'<>()[\]{},;:=‹›]+/g;
const ARN = /\barn:[\w-]+:[^\s"',]+/g;
const HOST_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)(\[[^\]\s]*\]|[^\s/:?#"'‹›]+)/gi;
const HOST = /\b(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]\b/gi;
const NAMESPACE_IN_PATH = /(\/namespaces\/)([^/\s?"'‹›]+)/g;
const QUOTED_NAMESPACE = /(\bnamespace:?\s+)"([^"]+)"/gi;
const QUOTED_USER = /(\buser\s+)"([^"]+)"/gi;
const QUOTED = /"([^"]+)"/g;
const SERVICE_ACCOUNT = /\bsystem:serviceaccounts?:[^\s"',]+/g;
const WINDOWS_PATH = /\b[a-z]:\\[^\s"'|<>]+(?: [^\s"'|<>]*\\[^\s"'|<>]+)*/gi;
/** Also behind a port: `https://host:6443/k8s/clusters/c-abc`. */
const UNIX_PATH = /(?<=^|[^\w/]|:\d{1,5})~?\/(?!\/‹)[^\s"',;:()]+/g;

/**
 * The diagnosis as it may leave the machine. Secrets are taken out; whatever tells a place or a person apart becomes a
 * placeholder, and the same one each time, so that the story can still be followed. Names that the checks knew are replaced
 * wherever they stand; beyond that everything that looks like a name, address, path or user is, since texts of servers and
 * programs can hold any.
 */
export function redactDiagnosis(diagnosis: Diagnosis): Diagnosis {
  const names = new Placeholders();
  const label = names.of('name', diagnosis.label);
  for (const { kind, text } of diagnosis.results.flatMap(({ names: known = [] }) => known)) {
    names.learn(kind, text);
  }
  names.learn('name', diagnosis.label);
  return {
    label,
    startedAt: diagnosis.startedAt,
    results: diagnosis.results.map((result) => redactResult(result, names)),
  };
}

function redactResult(result: CheckResult, names: Placeholders): CheckResult {
  const details = result.details.map((line) => redactLine(line, names));
  const { names: _private, ...rest } = result;
  return 'problem' in rest && rest.problem !== undefined
    ? { ...rest, details, problem: { ...rest.problem, detail: redactLine(rest.problem.detail, names) } }
    : { ...rest, details };
}

function redactLine(line: string, names: Placeholders): string {
  const replace = (kind: NameKind) => (text: string) => names.of(kind, text);
  // The names first: what takes secrets out may leave half of one.
  const withoutNames = names
    .replaceKnown(headOf(line))
    .replaceAll(/(\/\/)[^/@\s]+@/g, '$1')
    .replaceAll(ARN, replace('name'))
    .replaceAll(SERVICE_ACCOUNT, replace('user'))
    .replaceAll(EMAIL, replace('user'));
  return redact(withoutNames, MAX_LINE_CHARS)
    .replaceAll(NAMESPACE_IN_PATH, (_, before: string, text: string) => before + names.of('namespace', text))
    .replaceAll(
      QUOTED_NAMESPACE,
      (_, before: string, text: string) => `${before}"${names.of('namespace', text)}"`,
    )
    .replaceAll(QUOTED_USER, (_, before: string, text: string) => `${before}"${names.of('user', text)}"`)
    .replaceAll(QUOTED, (_, text: string) => `"${names.of('name', text)}"`)
    .replaceAll(HOST_IN_URL, (_, scheme: string, host: string) => scheme + names.of('host', host))
    .replaceAll(WINDOWS_PATH, replace('path'))
    .replaceAll(UNIX_PATH, (path) => (API_PATH.test(path) ? path : names.of('path', path)))
    .replaceAll(IP_V4, replace('address'))
    .replaceAll(IP_V6, (text) => (TIME_OF_DAY.test(text) ? text : names.of('address', text)))
    .replaceAll(HOST, (text) => (COMMON_HOST.test(text) ? text : names.of('host', text)));
}

/** Cut between two words: half a name would not be known. */
function headOf(line: string): string {
  return line.length <= MAX_READ_CHARS ? line : line.slice(0, MAX_READ_CHARS).replace(/\S*$/, '…');
}

/** Gives each name its placeholder. */
class Placeholders {
  readonly #given = new Map<string, string>();
  readonly #counts = new Map<NameKind, number>();

  /** The placeholder of a name; names that every cluster has, and placeholders themselves, stay. */
  of(kind: NameKind, text: string): string {
    const key = text.toLowerCase();
    if (COMMON_NAMES.has(key) || /^‹[^‹›]*›$/.test(text)) {
      return text;
    }
    let placeholder = this.#given.get(key);
    if (placeholder === undefined) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      placeholder = `‹${kind}${count}›`;
      this.#given.set(key, placeholder);
    }
    return placeholder;
  }

  learn(kind: NameKind, text: string): void {
    if (text !== '') {
      this.of(kind, text);
    }
  }

  /** Replaces whole names, the longest first: nothing is left of one that begins like another. */
  replaceKnown(line: string): string {
    const known = [...this.#given.keys()].toSorted((a, b) => b.length - a.length);
    if (known.length === 0) {
      return line;
    }
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}_‹])(?:${known.map(escaped).join('|')})(?![\\p{L}\\p{N}_])`,
      'giu',
    );
    return line.replaceAll(pattern, (text) => this.#given.get(text.toLowerCase()) ?? '‹name›');
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
