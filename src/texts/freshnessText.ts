import * as l10n from '@vscode/l10n';
import type { ProofOfLife, SourceStatus } from '../protocol/sourceState';
import { asOfText, spanText } from './ageText';
import { routeText } from './routeText';

/**
 * How true the data of a source is, in short parts: how old it is and what showed it, its ResourceVersion, how long the watch
 * is open, and by which way its hub is reached. But for that, empty before the first list. `now` is wall milliseconds.
 */
export function freshnessTexts(
  status: Pick<SourceStatus, 'asOf' | 'proof' | 'resourceVersion' | 'watchOpenedAt' | 'route'>,
  now: number,
): readonly string[] {
  const { asOf, proof, resourceVersion, watchOpenedAt, route } = status;
  const way = route === undefined ? [] : [routeText(route)];
  if (asOf === undefined) {
    return way;
  }
  const age = asOfText(asOf, now);
  return [
    proof === undefined ? age : l10n.t('{0}, shown by {1}', age, proofText(proof)),
    ...(resourceVersion === undefined ? [] : [l10n.t('resource version {0}', resourceVersion)]),
    watchOpenedAt === undefined
      ? l10n.t('no watch open')
      : l10n.t('watch open for {0}', spanText(now - watchOpenedAt)),
    ...way,
  ];
}

function proofText(proof: ProofOfLife): string {
  switch (proof) {
    case 'list':
      return l10n.t('a list');
    case 'event':
      return l10n.t('an event');
    case 'bookmark':
      return l10n.t('a bookmark');
    case 'probe':
      return l10n.t('a probe');
    case 'watch':
      return l10n.t('a new watch');
    default:
      return proof satisfies never;
  }
}
