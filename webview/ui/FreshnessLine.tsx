import type { ReactElement } from 'react';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { freshnessTexts } from '../../src/texts/freshnessText';
import { DotList } from './DotList';
import { formatInstant } from './formatInstant';

export interface FreshnessLineProps {
  readonly status: SourceStatus;
  /** Wall milliseconds. */
  readonly now: number;
}

/** How true the data is, for the reader who wants it exactly; nothing before the first list. */
export function FreshnessLine({ status, now }: FreshnessLineProps): ReactElement | null {
  const texts = freshnessTexts(status, now);
  return texts.length === 0 || status.asOf === undefined ? null : (
    <span className="freshness" title={formatInstant(status.asOf)}>
      <DotList items={texts} />
    </span>
  );
}
