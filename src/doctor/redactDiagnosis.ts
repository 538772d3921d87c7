import { redact } from '../base/redact';
import type { CheckResult, Diagnosis, PrivateName } from './diagnosis';

type NameKind = PrivateName['kind'];

/** Long enough for every line that a check writes; a certificate's alternative names are the longest. */
const MAX_LINE_CHARS = 2_000;
/** Some of the patterns below take time in the square of a hostile line's length: 50 ms at most for one as long as this. */
const MAX_READ_CHARS = 4_000;
const CUT = '…';

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
/** In Go's quotes, in which a quote is escaped; where the text was cut, to its end. */
const IN_QUOTES = String.raw`"((?:[^"\\]|\\.)+)(?:"|$)`;
const QUOTED_NAMESPACE = new RegExp(String.raw`(\bnamespace:?\s+)${IN_QUOTES}`, 'gi');
const QUOTED_USER = new RegExp(String.raw`(\buser\s+)${IN_QUOTES}`, 'gi');
const QUOTED = new RegExp(IN_QUOTES, 'g');
/** Not the apostrophe of "can't". */
const QUOTED_OTHERWISE = /([`“‘]|(?<![\p{L}\p{N}])')([^`“”‘’']+)([`”’]|'(?![\p{L}\p{N}]))/gu;
const NAME = String.raw`([^\s"'\u2039\u203A,;:=&()]+)`;
/** What stands behind a name without quotes, as in `User jane cannot list`. */
const VERB = String.raw`(?=\s+(?:cannot|can't|could not|does|has|is|was|not found)\b)`;
const NO_NAME = String.raw`(?!(?:and|can|cannot|could|does|has|in|is|not|of|or|was)\b)`;
/** What names are known by that stand without quotes: what is before them, and then the name. */
const UNQUOTED: readonly (readonly [RegExp, NameKind])[] = [
  [/(\/namespaces\/)([^/\s?"'‹›]+)/g, 'namespace'],
  [new RegExp(String.raw`(\bnamespaces?\s*[:=]\s*|\bin (?:the )?namespace )${NAME}`, 'gi'), 'namespace'],
  [new RegExp(String.raw`(\bnamespaces?\s+)${NO_NAME}${NAME}${VERB}`, 'gi'), 'namespace'],
  [/(\b(?:pods?|secrets?|serviceaccounts?|services?)\s+)([a-z0-9][a-z0-9.-]*\/[a-z0-9.-]+)/gi, 'name'],
  [new RegExp(String.raw`(\b(?:user|username|serviceaccount)\s*[:=]\s*)${NAME}`, 'gi'), 'user'],
  [new RegExp(String.raw`(\b(?:user|serviceaccount)\s+)${NO_NAME}${NAME}${VERB}`, 'gi'), 'user'],
  [
    new RegExp(
      String.raw`(\b(?:account|cluster|context|group|node|pod|profile|project|tenant)(?:[_-]?(?:id|name))?\s*[:=]\s*)${NAME}`,
      'gi',
    ),
    'name',
  ],
  [new RegExp(String.raw`(\b(?:cluster|context|group|node|pod)\s+)${NO_NAME}${NAME}${VERB}`, 'gi'), 'name'],
  // An attribute of a certificate's name
  [/((?<![\w‹-])(?:CN|DC|OU?|UID|emailAddress)\s*[=:]\s*)([^,+/=‹›"]+)/g, 'name'],
];
/** The same for hosts, which may have no dot in them. */
const UNQUOTED_HOSTS: readonly RegExp[] = [
  new RegExp(
    String.raw`(\b(?:E(?:AI|CONN|HOST|NET)[A-Z_]+|ENODATA|ENOTFOUND|ETIMEDOUT|lookup|Host:) )${NAME}`,
    'g',
  ),
  /((?<![\w.‹-]))([a-z](?:[\w.-]*\w)?)(?=:\d{2,5}(?![\d:]))/gi,
];
const SERVICE_ACCOUNT = /\bsystem:serviceaccounts?:[^\s"',]+/g;
const WINDOWS_PATH = /(?:\b[a-z]:\\|\\\\)[^\s"'|<>]+(?: [^\s"'|<>]*\\[^\s"'|<>]+)*/gi;
const WINDOWS_USER = /(?<![\w\\])[\w.-]+\\[\w.$-]+/g;
/** As long and as random as a key, with slashes, which set it apart from what {@link redact} knows; a path begins with one. */
const BASE64 =
  /(?<![\w+/.:~-])(?=[\w+/]{0,200}\d)(?=[\w+/]{0,200}[A-Z])(?=[\w+/]{0,200}[a-z])[A-Za-z0-9][A-Za-z0-9+/]{30,}={0,2}/g;
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
  const label = names.of('name', withoutBrackets(diagnosis.label));
  for (const { kind, text } of diagnosis.results.flatMap(({ names: known = [] }) => known)) {
    names.learn(kind, withoutBrackets(text));
  }
  return {
    label,
    startedAt: diagnosis.startedAt,
    results: diagnosis.results.map((result) => redactResult(result, names)),
    ...(diagnosis.realtime === undefined ? {} : { realtime: diagnosis.realtime }),
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
  const behind = (kind: NameKind) => (_: string, before: string, text: string) =>
    before + names.of(kind, text);
  const quoted = (kind: NameKind) => (_: string, before: string, text: string) =>
    `${before}"${names.of(kind, text)}"`;
  // The names first: what takes secrets out may leave half of one.
  const withoutNames = names
    .replaceKnown(names.withoutCutOne(withoutBrackets(headOf(line))))
    .replaceAll(/(\/\/)[^@\s"'<>]*@/g, '$1')
    .replaceAll(ARN, replace('name'))
    .replaceAll(SERVICE_ACCOUNT, replace('user'))
    .replaceAll(EMAIL, replace('user'))
    .replaceAll(BASE64, '‹redacted›');
  let redacted = redact(withoutNames, MAX_LINE_CHARS)
    .replaceAll(QUOTED_NAMESPACE, quoted('namespace'))
    .replaceAll(QUOTED_USER, quoted('user'))
    .replaceAll(QUOTED, (_, text: string) => `"${names.of('name', text)}"`)
    .replaceAll(
      QUOTED_OTHERWISE,
      (_, open: string, text: string, close: string) => open + names.of('name', text) + close,
    );
  for (const [pattern, kind] of UNQUOTED) {
    redacted = redacted.replaceAll(pattern, behind(kind));
  }
  redacted = redacted
    .replaceAll(HOST_IN_URL, behind('host'))
    .replaceAll(WINDOWS_PATH, replace('path'))
    .replaceAll(WINDOWS_USER, replace('user'))
    .replaceAll(UNIX_PATH, (path) => (API_PATH.test(path) ? path : names.of('path', path)))
    .replaceAll(IP_V4, replace('address'))
    .replaceAll(IP_V6, (text) => (TIME_OF_DAY.test(text) ? text : names.of('address', text)))
    .replaceAll(HOST, (text) => (COMMON_HOST.test(text) ? text : names.of('host', text)));
  for (const pattern of UNQUOTED_HOSTS) {
    redacted = redacted.replaceAll(pattern, behind('host'));
  }
  return redacted;
}

/** The brackets of placeholders are ours alone. */
function withoutBrackets(text: string): string {
  return text.replaceAll(/‹(?!redacted›)/g, '<').replaceAll(/(?<!‹redacted)›/g, '>');
}

/** Cut between two words: half a name would not be known. */
function headOf(line: string): string {
  return line.length <= MAX_READ_CHARS ? line : line.slice(0, MAX_READ_CHARS).replace(/\S*$/, CUT);
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

  /** What was cut before it came here may end with half a name, which would not be known: without that and its last word. */
  withoutCutOne(line: string): string {
    if (!line.endsWith(CUT)) {
      return line;
    }
    const text = line.slice(0, -CUT.length);
    const lower = text.toLowerCase();
    let cutAt = text.length;
    for (const name of this.#given.keys()) {
      for (let length = Math.min(name.length, text.length); length > text.length - cutAt; length -= 1) {
        if (lower.endsWith(name.slice(0, length))) {
          cutAt = text.length - length;
        }
      }
    }
    return text.slice(0, cutAt).replace(/[^\s"]*$/, CUT);
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
