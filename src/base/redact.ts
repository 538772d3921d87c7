import { oneLine } from './oneLine';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g, '‹redacted›'],
  // user:password@ of a URL
  [/(\/\/)[^/@\s]+@/g, '$1‹redacted›@'],
  [/\b(bearer|basic|negotiate)\s+[^\s,;"']+/gi, '$1 ‹redacted›'],
  [
    /\b([\w-]*(?:token|secret|password|passwd|authorization|api[_-]?key|access[_-]?key|credential)[\w-]*["']?\s*[=:]\s*)(?!‹)("[^"]*"?|'[^']*'?|[^\s,;&]+)/gi,
    '$1‹redacted›',
  ],
  // JSON Web Tokens, and anything else as long and as random: words and paths have no such runs with digits in them.
  [/\beyJ[\w-]+(?:\.[\w-]*)*/g, '‹redacted›'],
  [/(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+=-]{24,}/g, '‹redacted›'],
];

/** Foreign text made fit to be shown or logged: what looks like a credential is taken out, then it is cut to one line. */
export function redact(text: string, maxChars: number): string {
  // Long enough that a cut in the middle of a credential stays beyond what is shown.
  const head = text.slice(0, maxChars * 8);
  return oneLine(
    PATTERNS.reduce((redacted, [pattern, replacement]) => redacted.replaceAll(pattern, replacement), head),
    maxChars,
  );
}
