import { cutText } from '../../base/cutText';
import type { HeldAlert } from '../../persona/alertRules';
import { compareSeverity, type Alert, type AlertRule, type Severity } from '../../protocol/alert';
import { alertFingerprint } from './alertFingerprint';
import type { AlertOwner, EndedAlert, LastingAlert } from './alertOwner';

/** A rule that holds of a persona, or of a source as a whole. */
export type FoundAlert = HeldAlert | { readonly rule: 'sourceStale'; readonly severity: Severity };

export interface AlertDifferenceOptions {
  /** In wall milliseconds. */
  readonly now: number;
  /** Whether what began is news. */
  readonly isNews: boolean;
  /** Of `discoveryOld`: see `LastingAlert`. */
  readonly growsSince: number | undefined;
  /** Asked once for each that was found: the alert of this fingerprint, if it ended so lately that it goes on. */
  readonly flapping: (fingerprint: string) => EndedAlert | undefined;
}

export interface AlertDifference {
  /** What lasts from now on, by fingerprint. */
  readonly lasting: ReadonlyMap<string, LastingAlert>;
  /** Those that began, or are more or less severe than before. */
  readonly raised: readonly Alert[];
  /** Those that ended; what was regrouped did not. */
  readonly ended: readonly LastingAlert[];
}

/** As long as a name may be in Kubernetes; what is longer is no name. */
const MAX_SUBJECT_CHARS = 253;

/** Compares what was found of `owner` with what lasts. */
export function alertDifference(
  owner: AlertOwner,
  found: readonly FoundAlert[],
  { now, isNews, growsSince, flapping }: AlertDifferenceOptions,
): AlertDifference {
  const before = owner.lasting;
  const lasting = new Map<string, LastingAlert>();
  const raised: Alert[] = [];
  const regrouped = regroupedSince(before, found);
  for (const one of found) {
    const { rule } = one;
    const subject = 'subject' in one ? one.subject : undefined;
    const fingerprint = alertFingerprint(owner.source.source.id, owner.name, rule, subject);
    const known = before.get(fingerprint);
    const earlier = known ?? flapping(fingerprint);
    const raisedAt = earlier?.alert.raisedAt ?? regrouped.get(rule) ?? now;
    const alert = alertOf(owner, one, { fingerprint, raisedAt });
    const isGroup = 'isGroup' in one;
    const isWorse =
      earlier === undefined
        ? isGroup || !regrouped.has(rule)
        : compareSeverity(alert.severity, earlier.alert.severity) < 0;
    if (known === undefined || known.alert.severity !== alert.severity) {
      raised.push(alert);
    }
    lasting.set(fingerprint, {
      alert,
      // What goes on as it was is as new as it was: perhaps nobody was told of it yet.
      isNews: earlier?.alert.severity === alert.severity ? earlier.isNews : isNews && isWorse,
      isGroup,
      growsSince: rule === 'discoveryOld' ? growsSince : undefined,
    });
  }
  const ended = [...before.values()].filter(
    ({ alert: { fingerprint, rule } }) => !lasting.has(fingerprint) && !regrouped.has(rule),
  );
  return { lasting, raised, ended };
}

function alertOf(
  owner: AlertOwner,
  found: FoundAlert,
  { fingerprint, raisedAt }: { readonly fingerprint: string; readonly raisedAt: number },
): Alert {
  const { rule, severity } = found;
  const { subject, value, threshold } = rule === 'sourceStale' ? {} : found;
  return {
    source: owner.source.source.id,
    ...(owner.name === undefined ? {} : { name: owner.name }),
    fingerprint,
    severity,
    rule,
    ...(subject === undefined ? {} : { subject: cutText(subject, MAX_SUBJECT_CHARS) }),
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
    raisedAt,
  };
}

/** Rules whose subjects were told one by one and no longer are, or the other way round, and since when they last. */
function regroupedSince(
  before: ReadonlyMap<string, LastingAlert>,
  found: readonly FoundAlert[],
): ReadonlyMap<AlertRule, number> {
  const regrouped = new Map<AlertRule, number>();
  for (const { alert, isGroup } of before.values()) {
    if (found.some((one) => one.rule === alert.rule && 'isGroup' in one !== isGroup)) {
      regrouped.set(alert.rule, Math.min(alert.raisedAt, regrouped.get(alert.rule) ?? alert.raisedAt));
    }
  }
  return regrouped;
}
