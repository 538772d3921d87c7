import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { spanText } from '../../src/texts/ageText';
import { formatTimeOfDay, parseInstant } from '../ui/formatInstant';

export const TIME_MODES = ['local', 'utc', 'relative', 'off'] as const;
export const timeModeSchema = v.picklist(TIME_MODES);
export type TimeMode = v.InferOutput<typeof timeModeSchema>;

/** When a line was written, in the way that was chosen; empty where it came without a time. `now` is wall milliseconds. */
export function rowTime(time: string | undefined, mode: TimeMode, now: number): string {
  const instant = parseInstant(time);
  if (instant === undefined) {
    return '';
  }
  switch (mode) {
    case 'local':
      return formatTimeOfDay(instant);
    case 'utc':
      return new Date(instant).toISOString().slice(11, 23);
    case 'relative':
      return instant > now ? l10n.t('now') : `−${spanText(now - instant)}`;
    case 'off':
      return '';
    default:
      return mode satisfies never;
  }
}
