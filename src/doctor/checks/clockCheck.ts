import type { ApiFindings } from '../apiCheckOptions';
import { WAY_CHECKS } from '../diagnosis';
import type { Check } from '../examine';
import { clockDifferenceMs } from '../serverDate';

/** Tokens and certificates are valid from the second in which they are made. */
const WORTH_A_WARNING_MS = 30_000;

/** Whether server and machine agree about the time, by the answer to the question for the version, whatever it was. */
export function clockCheck(found: ApiFindings): Check {
  return {
    id: 'clock',
    // Not the version: an answer that refuses the credentials has a date too, and may be refusing them because of it.
    needs: WAY_CHECKS,
    run: () => {
      const { hasAnswered, serverDate } = found;
      if (serverDate === undefined) {
        return Promise.resolve({
          outcome: 'skipped',
          reason: hasAnswered === true ? { type: 'noDate' } : { type: 'after', check: 'version' },
          details: [],
        });
      }
      const differenceMs = clockDifferenceMs(serverDate);
      const seconds = Math.trunc(differenceMs / 1_000);
      const details = [
        `Server ${new Date(serverDate.date).toISOString()}, here ${new Date(serverDate.answeredAt).toISOString()}`,
        `Round trip ${Math.round(serverDate.answeredAt - serverDate.askedAt)} ms`,
      ];
      return Promise.resolve(
        Math.abs(differenceMs) > WORTH_A_WARNING_MS
          ? { outcome: 'warning', concern: { type: 'clocksDiffer', seconds }, details }
          : { outcome: 'passed', details },
      );
    },
  };
}
