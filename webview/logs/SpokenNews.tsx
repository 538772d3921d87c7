import * as l10n from '@vscode/l10n';
import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import { useConnection } from '../realtime/connectionContext';
import { Paced } from '../realtime/paced';
import { useHeld } from '../realtime/useHeld';
import { formatCount } from '../ui/formatNumber';

/** A screen reader that is told more often has no time for anything else. */
const SPOKEN_EVERY_MS = 10_000;

export interface SpokenNewsProps {
  /** Lines that came while the reader was elsewhere in the log. */
  readonly unread: number;
  /** What was done, to be seen for as long as it is the last. */
  readonly said: string;
}

/** What a screen reader is told: never the lines themselves, and how many came only now and then. */
export function SpokenNews({ unread, said }: SpokenNewsProps): ReactElement {
  const { clock } = useConnection();
  const [spoken, setSpoken] = useState(0);
  const latest = useRef(unread);
  const pace = useHeld(
    useCallback(() => new Paced(clock, SPOKEN_EVERY_MS, () => setSpoken(latest.current)), [clock]),
  );
  useEffect(() => {
    latest.current = unread;
    pace?.ask();
  }, [unread, pace]);
  return (
    <>
      <output className="sr-only">
        {spoken > 0 && countText(spoken, l10n.t('1 new line'), l10n.t('{0} new lines', formatCount(spoken)))}
      </output>
      <output className={said === '' ? 'sr-only' : 'said'}>{said}</output>
    </>
  );
}
