import * as l10n from '@vscode/l10n';
import type { Series } from '../base/readSeries';
import { spanText } from './ageText';
import { percentText } from './percentText';

/** A series of percentages in words: "last 10 min: latest 31%, lowest 20%, highest 58%". */
export function seriesText({ latest, lowest, highest, runs }: Series, windowMs: number): string {
  const figures = [
    spanText(windowMs),
    percentText(latest),
    percentText(lowest),
    percentText(highest),
  ] as const;
  return runs.length > 1
    ? l10n.t('last {0}: latest {1}, lowest {2}, highest {3}, with gaps', ...figures)
    : l10n.t('last {0}: latest {1}, lowest {2}, highest {3}', ...figures);
}
