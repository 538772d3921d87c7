import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Problem } from '../../../../src/protocol/problem';
import type { SourceState } from '../../../../src/protocol/sourceState';
import { listProblemHeadline, problemHeadline } from '../../../../src/texts/problemHeadline';
import { listProblemText, problemText } from '../../../../src/texts/problemText';
import { stateText, stateWord } from '../../../../src/texts/stateText';
import { assertReadable } from '../../../support/assertReadable';
import { PROBLEM_CODES, STATE_TYPES, stateOf } from '../../../support/samples/sampleStates';
import { trackLeaks } from '../../../support/leakTracker';
import { StatePill } from '../../../../webview/ui/StatePill';
import { fullPersona, NOW, showDetail } from './detailFixture';

/** All that a state of this type may come with or without. */
function statesOf(type: SourceState['type'], problem: Problem): readonly SourceState[] {
  const state = stateOf(type, problem, NOW);
  switch (state.type) {
    case 'syncing':
      return [state, { type: 'syncing', loaded: 0 }, { type: 'syncing', loaded: 1_000, total: 2_500 }];
    case 'stale':
      return [state, { type: 'stale', since: NOW }, { type: 'stale', since: NOW - 1, problem }];
    case 'reconnecting':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return [state, { ...state, retryAt: NOW - 1 }];
    case 'idle':
    case 'connecting':
    case 'live':
    case 'paused':
    case 'failed':
      return [state];
    default:
      return state satisfies never;
  }
}

/** What the pill says: to a screen reader, and to the eye. */
function pillTexts(state: SourceState, asOf?: number): readonly [heard: string, seen: string] {
  const html = renderToStaticMarkup(
    <StatePill status={asOf === undefined ? { state } : { state, asOf }} now={NOW} />,
  );
  const [, heard = '', seen = ''] =
    /<output class="sr-only">(.*?)<\/output><span class="pill-text" aria-hidden="true">(.*)<\/span><\/span>$/.exec(
      html,
    ) ?? [];
  return [heard, seen.replaceAll(/<[^>]*>/g, '')];
}

describe('every fault has its face in the panel', () => {
  trackLeaks();

  for (const code of PROBLEM_CODES) {
    it(`of a problem: ${code}`, () => {
      const problem = { code, detail: 'something technical' };
      for (const explain of [problemText, listProblemText]) {
        const { what, remedy } = explain(problem, 'prod-eu');
        assertReadable(what);
        assertReadable(remedy);
        assert.match(what, /\.$/);
        assert.match(remedy, /\.$/);
      }
      for (const headline of [problemHeadline(code), listProblemHeadline(code)]) {
        assertReadable(headline);
        assert.ok(headline.length <= 32, `"${headline}" is too long for a row`);
      }
      for (const state of STATE_TYPES.map((type) => stateOf(type, problem, NOW))) {
        if ('problem' in state) {
          const { text } = showDetail({ object: fullPersona(), state });
          const said = text.replaceAll('&#x27;', "'");
          const { what, remedy } = listProblemText(problem, 'kind-eu');
          assertReadable(text);
          assert.ok(said.includes(what) && said.includes(remedy), said);
          assert.ok(said.includes(stateText(state, NOW)), said);
          assert.match(said, /What is shown was true \d+ s ago/);
          assert.match(said, /Reconnect|Try again/);
        }
      }
    });
  }

  for (const type of STATE_TYPES) {
    it(`of a state: ${type}`, () => {
      for (const state of statesOf(type, { code: 'unreachable', detail: 'connect ECONNREFUSED' })) {
        const word = stateWord(state);
        assertReadable(word);
        assert.ok(stateText(state, NOW).startsWith(word), 'tree, status bar and panel say one word');
        for (const asOf of [undefined, NOW - 2_000]) {
          const [heard, seen] = pillTexts(state, asOf);
          assert.equal(heard, word);
          assert.ok(seen.startsWith(stateText(state, NOW)), seen);
          assertReadable(seen);
        }
        const { text } = showDetail({ object: fullPersona(), state });
        assertReadable(text);
        assert.ok(text.includes(stateText(state, NOW)), text);
        assert.ok(text.includes('eu production'), 'what is held stays');
        const isWell = type === 'live' || type === 'connecting' || type === 'syncing';
        assert.equal(/Reconnect|Try again|Resume|Connect /.test(text), !isWell, `what can be done: ${text}`);
      }
    });

    it(`of a state in which nothing is held yet: ${type}`, () => {
      for (const state of statesOf(type, { code: 'unreachable', detail: 'connect ECONNREFUSED' })) {
        const { text } = showDetail({ state });
        assertReadable(text);
        assert.ok(text.includes(stateText(state, NOW)), text);
        assert.doesNotMatch(text, /What is shown was true/);
      }
    });
  }
});
