import * as l10n from '@vscode/l10n';
import { Fragment, useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import type { LogFollower, LogSnapshot } from '../realtime/logFollower';
import { formatCount } from '../ui/formatNumber';
import { EndKeeper } from './endKeeper';
import { LogRow } from './LogRow';

export interface LogLinesProps {
  readonly snapshot: LogSnapshot;
  readonly follower: LogFollower;
  readonly wraps: boolean;
}

/**
 * The window of lines. While following it stays at the end; whoever scrolls back stays where they are, whatever comes,
 * until they return to the end or press the button.
 */
export function LogLines({ snapshot, follower, wraps }: LogLinesProps): ReactElement {
  const { isFollowing, unread } = snapshot;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);

  const keeper = useRef<EndKeeper>(undefined);

  useEffect(() => {
    if (scroller.current === null || content.current === null) {
      return undefined;
    }
    const created = new EndKeeper(scroller.current, content.current, follower);
    keeper.current = created;
    return () => created.dispose();
  }, [follower]);

  useLayoutEffect(() => keeper.current?.keep());

  const classes = ['lines', ...(wraps ? ['lines-wrap'] : []), ...(isFollowing ? ['lines-following'] : [])];
  return (
    <div className="lines-frame">
      <div
        className={classes.join(' ')}
        role="log"
        aria-live="off"
        aria-label={l10n.t('Log lines')}
        ref={scroller}
      >
        <div className="lines-content" ref={content}>
          <LinesStart snapshot={snapshot} onLoadOlder={() => void follower.loadOlder()} />
          <Lines lines={snapshot.lines} />
        </div>
      </div>
      {!isFollowing && (
        <vscode-button className="to-end" onClick={() => follower.setFollowing(true)}>
          {unread > 0
            ? countText(unread, l10n.t('↓ 1 new line'), l10n.t('↓ {0} new lines', formatCount(unread)))
            : l10n.t('↓ Follow')}
        </vscode-button>
      )}
    </div>
  );
}

/** What is before the first line shown. */
function LinesStart(props: {
  readonly snapshot: LogSnapshot;
  readonly onLoadOlder: () => void;
}): ReactElement | null {
  const { lines, first } = props.snapshot;
  const start = lines[0]?.seq;
  if (start === undefined) {
    return null;
  }
  if (start > first) {
    return (
      <div className="lines-edge">
        <vscode-button secondary onClick={props.onLoadOlder}>
          {l10n.t('Show earlier lines')}
        </vscode-button>
      </div>
    );
  }
  return first > 0 ? (
    <div className="lines-edge muted">{l10n.t('Older lines were let go to save memory')}</div>
  ) : null;
}

function Lines({ lines }: { readonly lines: LogSnapshot['lines'] }): ReactElement {
  return (
    <>
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const missing = before === undefined ? 0 : line.seq - before.seq - 1;
        return (
          <Fragment key={line.seq}>
            {missing > 0 && (
              <div className="lines-gap">
                {countText(
                  missing,
                  l10n.t('Gap: 1 line was let go before it could be shown'),
                  l10n.t('Gap: {0} lines were let go before they could be shown', formatCount(missing)),
                )}
              </div>
            )}
            <LogRow line={line} />
          </Fragment>
        );
      })}
    </>
  );
}
