import { compareSeverity, SEVERITIES, type Alert } from '../../protocol/alert';
import type { RequestResult } from '../../protocol/requests';
import type { AlertOwner, LastingAlert, SourceAlerts } from './alertOwner';

/** One answer; more than this nobody reads. */
const MAX_LISTED = 1_000;
/** Looked at for one answer, so that it takes some 20 ms at most. */
const MAX_GATHERED = 20_000;

/**
 * Answers `alerts.list` from these sources. With a name it has the alerts of that persona alone. Where there are more than can be listed the
 * worst are, and `more` says how many are left out. `now` is wall milliseconds.
 */
export function listAlerts(
  asked: readonly SourceAlerts[],
  name: string | undefined,
  now: number,
): RequestResult<'alerts.list'> {
  const gathered: Alert[] = [];
  let more = 0;
  const gather = (alert: Alert): void => {
    if (gathered.length < MAX_GATHERED) {
      gathered.push(alert);
    } else {
      more += 1;
    }
  };
  for (const severity of SEVERITIES) {
    for (const [entry, { lasting }] of ownersOf(asked, name)) {
      for (const one of lasting.values()) {
        if (one.alert.severity === severity) {
          gather(asOfNow(one, entry, now));
        }
      }
    }
  }
  for (const [, { ended }] of ownersOf(asked, name)) {
    for (const { alert } of ended?.values() ?? []) {
      gather(alert);
    }
  }
  const listed =
    gathered.length <= MAX_LISTED ? gathered : gathered.toSorted(compareWeight).slice(0, MAX_LISTED);
  more += gathered.length - listed.length;
  return {
    alerts: listed.toSorted(compareRecency),
    unwatched: unwatchedOf(asked),
    ...(more === 0 ? {} : { more }),
  };
}

/** Answers `alerts.counts` from these sources, in proportion to those that have alerts. */
export function countAlerts(asked: readonly SourceAlerts[]): RequestResult<'alerts.counts'> {
  const counts: RequestResult<'alerts.counts'>['counts'] = [];
  for (const [entry, { name, counts: tally }] of ownersOf(asked, undefined)) {
    if (tally.worst !== undefined) {
      const of = { source: entry.source.id, ...(name !== undefined && { name }) };
      counts.push({ ...of, total: tally.total, worst: tally.worst });
    }
  }
  return { counts, unwatched: unwatchedOf(asked) };
}

function unwatchedOf(asked: readonly SourceAlerts[]): string[] {
  return asked
    .filter(({ liveSinceMs, tally }) => liveSinceMs === undefined && tally.total > 0)
    .map((entry) => entry.source.id);
}

function* ownersOf(
  asked: readonly SourceAlerts[],
  name: string | undefined,
): Generator<readonly [SourceAlerts, AlertOwner]> {
  for (const entry of asked) {
    const owner = name === undefined ? undefined : entry.personas.get(name);
    for (const one of name === undefined ? entry.owners : owner === undefined ? [] : [owner]) {
      yield [entry, one];
    }
  }
}

/** Nothing tells that a discovery is older than a moment ago. */
function asOfNow({ alert, growsSince }: LastingAlert, entry: SourceAlerts, now: number): Alert {
  if (growsSince === undefined) {
    return alert;
  }
  const { asOf = now } = entry.source.status();
  return { ...alert, value: Math.max(alert.value ?? 0, Math.min(now, asOf) - growsSince) };
}

/** What lasts before what ended, then the worst, then the latest. */
function compareWeight(a: Alert, b: Alert): number {
  return (
    Number(a.resolvedAt !== undefined) - Number(b.resolvedAt !== undefined) ||
    compareSeverity(a.severity, b.severity) ||
    compareRecency(a, b)
  );
}

/** The latest to begin or end comes first. */
function compareRecency(a: Alert, b: Alert): number {
  return (b.resolvedAt ?? b.raisedAt) - (a.resolvedAt ?? a.raisedAt);
}
