import { fnv1a } from '../../base/fnv1a';
import type { AlertRule } from '../../protocol/alert';

/** The same for the same trouble of the same thing, in every session; short however long the names are. */
export function alertFingerprint(
  source: string,
  name: string | undefined,
  rule: AlertRule,
  subject: string | undefined,
): string {
  // JSON keeps apart what a mere joining of hostile names would not.
  return fnv1a(JSON.stringify([source, name ?? null, rule, subject ?? null]));
}
