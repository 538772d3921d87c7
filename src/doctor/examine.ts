import type { Clock } from '../base/clock';
import { KubeTransportError, type KubeTransportErrorCode } from '../base/kubeFetch';
import { ChildAbort, orAbort } from '../informer/childAbort';
import { faultFromError } from '../informer/fault';
import type { CheckId, CheckResult, Finding } from './diagnosis';

/** One thing to look at. */
export interface Check {
  readonly id: CheckId;
  /** Without these it could only find out the same trouble again. */
  readonly needs: readonly CheckId[];
  /** Longest time it may take, in milliseconds; 10 s if absent. */
  readonly limitMs?: number;
  /** What it means when that time has passed; `unreachable` if absent. */
  readonly lateCode?: () => KubeTransportErrorCode;
  /** What it rejects with becomes a failure. The signal is aborted once the finding is no longer waited for. */
  run(signal: AbortSignal): Promise<Finding>;
}

export interface ExamineOptions {
  /** In the order in which they are run. */
  readonly checks: readonly Check[];
  readonly clock: Clock;
  /** Told before each check that is run. */
  readonly onCheck?: (id: CheckId) => void;
  readonly signal: AbortSignal;
}

/** As long as a visible source waits for its probe. */
const LIMIT_MS = 10_000;

/**
 * Runs the checks one after the other, each in its time. One whose needs have failed is skipped, and says after which.
 * Whatever goes wrong is a finding: only the signal makes this reject, with its reason.
 */
export async function examine(options: ExamineOptions): Promise<readonly CheckResult[]> {
  const { checks, clock, onCheck, signal } = options;
  const results: CheckResult[] = [];
  /** What stands in the way of the checks that need the one named. */
  const causes = new Map<CheckId, CheckId>();
  for (const check of checks) {
    signal.throwIfAborted();
    const cause = check.needs.map((need) => causes.get(need)).find((found) => found !== undefined);
    let result: CheckResult;
    if (cause === undefined) {
      onCheck?.(check.id);
      result = await runCheck(check, clock, signal);
    } else {
      const reason = { type: 'after', check: cause } as const;
      result = { id: check.id, outcome: 'skipped', reason, details: [], durationMs: 0 };
    }
    if (result.outcome === 'failed') {
      causes.set(check.id, check.id);
    } else if (result.outcome === 'skipped' && result.reason.type === 'after') {
      causes.set(check.id, result.reason.check);
    }
    results.push(result);
  }
  return results;
}

async function runCheck(check: Check, clock: Clock, signal: AbortSignal): Promise<CheckResult> {
  const { id, limitMs = LIMIT_MS, lateCode } = check;
  const startedMs = clock.monotonic();
  const abort = new ChildAbort(signal);
  const deadline = clock.schedule(limitMs, () =>
    abort.abort(
      new KubeTransportError(lateCode?.() ?? 'unreachable', `no answer within ${limitMs / 1000} s`),
    ),
  );
  let finding: Finding;
  try {
    finding = await orAbort(check.run(abort.signal), abort.signal);
  } catch (error) {
    signal.throwIfAborted();
    finding = { outcome: 'failed', problem: faultFromError(error).problem, details: [] };
  } finally {
    deadline.dispose();
    abort.dispose();
    abort.abort(new KubeTransportError('closed', 'the check has come to its end'));
  }
  signal.throwIfAborted();
  return { ...finding, id, durationMs: Math.round(clock.monotonic() - startedMs) };
}
