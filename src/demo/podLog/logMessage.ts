import type { Random } from '../../base/random';
import { hexDigits, pick, wholeNumber } from '../chance';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Something a program says now and then. Texts have `{placeholders}`, see {@link fillIn}. */
export interface LogMessage {
  readonly level: LogLevel;
  /** How often, compared with the program's other messages. */
  readonly weight: number;
  readonly text: string;
  /** Where in the program it comes from: a file and line, a logger, or a component. */
  readonly origin: string;
  readonly fields?: Readonly<Record<string, string>>;
}

const APPS = [
  'checkout',
  'payments',
  'cart',
  'catalog',
  'search',
  'shop-frontend',
  'orders',
  'identity',
] as const;
const TEAMS = ['shop', 'payments', 'platform', 'identity'] as const;

/** What stands for each placeholder. */
const PLACEHOLDERS: Readonly<Record<string, (random: Random) => string>> = {
  app: (random) => pick(random, APPS) ?? '',
  team: (random) => pick(random, TEAMS) ?? '',
  ip: (random) => `10.0.${wholeNumber(random, 1, 9)}.${wholeNumber(random, 2, 250)}`,
  node: (random) => `ip-10-0-${wholeNumber(random, 1, 3)}-${wholeNumber(random, 2, 12)}`,
  count: (random) => String(wholeNumber(random, 2, 480)),
  few: (random) => String(wholeNumber(random, 1, 5)),
  ms: (random) => String(wholeNumber(random, 2, 900)),
  seconds: (random) => (wholeNumber(random, 10, 990) / 100).toFixed(2),
  sha: (random) => hexDigits(random, 7),
  id: (random) => hexDigits(random, 16),
  bytes: (random) => String(wholeNumber(random, 400, 90_000)),
};

/** Puts made-up values in place of `{placeholders}`; unknown ones stay. */
export function fillIn(text: string, random: Random): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => PLACEHOLDERS[name]?.(random) ?? whole);
}
