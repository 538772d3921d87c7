import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import { toDisposable } from '../../../../src/base/disposable';
import { logStateSchema, type LogLine, type LogState } from '../../../../src/protocol/podLog';
import type { Problem } from '../../../../src/protocol/problem';
import { LogFooter } from '../../../../webview/logs/LogFooter';
import { LogNotice } from '../../../../webview/logs/LogNotice';
import { LogStatePill } from '../../../../webview/logs/LogStatePill';
import { createConnection } from '../../../../webview/realtime/connection';
import { ConnectionProvider } from '../../../../webview/realtime/connectionContext';
import type { LogSnapshot } from '../../../../webview/realtime/logFollower';
import { trackLeaks } from '../../../support/leakTracker';
import { assertReadable } from '../../../support/assertReadable';
import { PROBLEM_CODES } from '../../../support/samples/sampleStates';
import { makeOpenClient } from '../scriptedHost';

function snapshotWith(state: LogState, lines: readonly LogLine[] = []): LogSnapshot {
  return { lines, first: 0, next: lines.length, isFollowing: true, unread: 0, state };
}

function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

function showNotice(snapshot: LogSnapshot, podsProblem?: Problem): string {
  const { client, clock } = makeOpenClient();
  const visibility = { isVisible: () => true, onChange: () => toDisposable(() => undefined) };
  const connection = createConnection(client, clock, visibility);
  const html = renderToStaticMarkup(
    <ConnectionProvider connection={connection}>
      <LogNotice
        {...{ snapshot, podsProblem }}
        source="s"
        pod="web-0"
        label="kind-eu"
        onAgain={() => undefined}
      />
    </ConnectionProvider>,
  );
  connection.dispose();
  return textOf(html).trim();
}

function showPill(state: LogState, isFollowing: boolean): string {
  return textOf(renderToStaticMarkup(<LogStatePill {...{ state, isFollowing }} />));
}

function logStateOf(type: LogState['type']): LogState {
  return type === 'failed' ? { type, problem: { code: 'serverError', detail: '500' } } : { type };
}

describe('the notice of a log', () => {
  trackLeaks();

  const line: LogLine = { seq: 0, text: 'x' };

  it('does not take a cluster that is not connected for a pod that is gone', () => {
    const problem = { code: 'closed', detail: 'no source s' } as const;
    assert.equal(
      showNotice(snapshotWith({ type: 'failed', problem, retryAt: 1 }, [line])),
      'kind-eu is not connected. The lines read before are still here. Reconnect',
    );
  });

  it('says that a pod is gone, and offers to look for others', () => {
    const problem = { code: 'notFound', detail: 'pods "web-0" not found' } as const;
    assert.equal(showNotice(snapshotWith({ type: 'failed', problem })), 'Pod web-0 is gone. Look for pods');
  });

  it('says why the choice of pods may be old while the log goes on', () => {
    const problem = { code: 'forbidden', detail: 'pods is forbidden' } as const;
    assert.match(
      showNotice(snapshotWith({ type: 'following' }, [line]), problem),
      /not allowed to do this in kind-eu.*Try again$/,
    );
  });

  it('is not there while all is well', () => {
    assert.equal(showNotice(snapshotWith({ type: 'following' }, [line])), '');
  });

  for (const code of PROBLEM_CODES) {
    it(`says what is wrong and offers something to do, whatever it is: ${code}`, () => {
      const problem = { code, detail: 'something technical' };
      const notices = [
        showNotice(snapshotWith({ type: 'failed', problem })),
        showNotice(snapshotWith({ type: 'failed', problem, retryAt: 1 }, [line])),
        showNotice(snapshotWith({ type: 'connecting' }), problem),
        showNotice(snapshotWith({ type: 'following' }, [line]), problem),
      ];
      for (const notice of notices) {
        assertReadable(notice);
        assert.match(notice, /\. (?:Connect|Reconnect|Show log|Try again|Look for pods)(?: Try again)?$/);
      }
    });
  }

  for (const type of logStateSchema.options.map(({ entries }) => entries.type.literal)) {
    it(`belongs to each state that does not go on: ${type}`, () => {
      const notice = showNotice(snapshotWith(logStateOf(type)));
      if (type === 'connecting' || type === 'following') {
        assert.equal(notice, '');
      } else {
        assertReadable(notice);
      }
      for (const isFollowing of [true, false]) {
        assertReadable(showPill(logStateOf(type), isFollowing));
      }
    });
  }
});

describe('the foot of a log', () => {
  it('counts one line and many properly', () => {
    const one = snapshotWith({ type: 'following' }, [{ seq: 0, text: 'x' }]);
    const footOf = (snapshot: LogSnapshot): string =>
      textOf(renderToStaticMarkup(<LogFooter snapshot={snapshot} status={undefined} />));
    assert.match(footOf(one), /\b1 line held · none let go/);
    assert.match(
      footOf({ ...one, first: 1, next: 3 }),
      /2 lines held · 1 of them here · 1 older line was let go/,
    );
    assert.match(footOf({ ...one, first: 2, next: 3 }), /1 line held · 2 older lines were let go/);
  });
});
