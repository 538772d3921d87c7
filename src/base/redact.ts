import { oneLine } from './oneLine';

const SECRET_NAME = '(?:token|secret|password|passwd|authorization|api[_-]?key|access[_-]?key|credential)';
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g, '‹redacted›'],
  // user:password@ of a URL
  [/(\/\/)[^/@\s]+@/g, '$1‹redacted›@'],
  [/\b(bearer|basic|negotiate)\s+[^\s,;"']+/gi, '$1 ‹redacted›'],
  // A word is looked at once, from its beginning: hostile text may consist of nothing else.
  [
    new RegExp(
      String.raw`(?<![\w-])(?=[\w-]*?${SECRET_NAME})([\w-]+["']?\s*[=:]\s*)(?!\u2039)("[^"]*"?|'[^']*'?|[^\s,;&]+)`,
      'gi',
    ),
    '$1‹redacted›',
  ],
  // Options of a command
  [
    new RegExp(
      String.raw`(?<![\w-])(?=-[\w-]*?${SECRET_NAME})([\w-]+\s+)(?![-\u2039])("[^"]*"?|'[^']*'?|\S+)`,
      'gi',
    ),
    '$1‹redacted›',
  ],
  [/\b((?:set-)?cookie["']?\s*[=:]\s*)[^\r\n]+/gi, '$1‹redacted›'],
  // Kubernetes' bootstrap tokens, and AWS' access keys
  [/\b(?=[a-z0-9.]*\d)[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '‹redacted›'],
  [/\bA[KS]IA[0-9A-Z]{16}\b/g, '‹redacted›'],
  // JSON Web Tokens
  [/\beyJ[\w-]+(?:\.[\w-]*)*/g, '‹redacted›'],
];
/** Anything that is long and random: words and paths have no such runs with digits in them, but names of pods have. */
const RANDOM: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w+=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+=-]{24,}/g, '‹redacted›'],
];

/** Foreign text made fit to be shown or logged: what looks like a credential is taken out, then it is cut to one line. */
export function redact(text: string, maxChars: number): string {
  return redactBy([...PATTERNS, ...RANDOM], text, maxChars);
}

/** The same for what an API server says, which names objects: what is only long and random stays. */
export function redactServerText(text: string, maxChars: number): string {
  return redactBy(PATTERNS, text, maxChars);
}

function redactBy(patterns: readonly (readonly [RegExp, string])[], text: string, maxChars: number): string {
  // Long enough that a cut in the middle of a credential stays beyond what is shown.
  const head = text.slice(0, maxChars * 8);
  return oneLine(
    patterns.reduce((redacted, [pattern, replacement]) => redacted.replaceAll(pattern, replacement), head),
    maxChars,
  );
}
