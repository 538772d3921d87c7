import type { CheckResult } from '../../src/doctor/diagnosis';

/** A result in one word each: its outcome, and the concern, code or reason behind it. */
export function checkInShort(result: CheckResult | undefined): string {
  if (result === undefined) {
    return 'not run';
  }
  switch (result.outcome) {
    case 'passed':
      return 'passed';
    case 'skipped':
      return `skipped ${result.reason.type}${result.reason.type === 'after' ? ` ${result.reason.check}` : ''}`;
    case 'warning':
      return `warning ${result.concern.type}`;
    case 'failed':
      return `failed ${result.problem.code}${result.concern === undefined ? '' : ` ${result.concern.type}`}`;
    default:
      return result satisfies never;
  }
}
