import assert from 'node:assert/strict';
import { problemSchema, type Problem } from '../../../../src/protocol/problem';
import { sourceStatusSchema, type SourceState } from '../../../../src/protocol/sourceState';
import { listProblemHeadline, problemHeadline } from '../../../../src/texts/problemHeadline';
import { listProblemText, problemText } from '../../../../src/texts/problemText';
import { stateText, stateWord } from '../../../../src/texts/stateText';
import { trackLeaks } from '../../../support/leakTracker';
import { fullPersona, NOW, showDetail } from './detailFixture';

const CODES = problemSchema.entries.code.options;
const STATE_TYPES = sourceStatusSchema.entries.state.options.map(({ entries }) => entries.type.literal);

/** Nothing that only a program would say. */
function assertReadable(text: string): void {
  assert.notEqual(text.trim(), '');
  assert.doesNotMatch(text, /undefined|null|NaN|Infinity|\[object|\{\d\}/);
}

function stateOf(type: SourceState['type'], problem: Problem): SourceState {
  const retryAt = NOW + 4_000;
  switch (type) {
    case 'idle':
    case 'connecting':
    case 'live':
    case 'paused':
      return { type };
    case 'syncing':
      return { type, loaded: 1 };
    case 'stale':
      return { type, since: NOW - 30_000, problem, retryAt };
    case 'reconnecting':
      return { type, attempt: 2, retryAt, problem };
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return { type, retryAt, problem };
    case 'failed':
      return { type, problem };
    default:
      return type satisfies never;
  }
}

describe('every fault has its face', () => {
  trackLeaks();

  for (const code of CODES) {
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
      for (const type of ['stale', 'reconnecting', 'failed'] as const) {
        const { text } = showDetail({ object: fullPersona(), state: stateOf(type, problem) });
        assertReadable(text);
        assert.ok(text.replaceAll('&#x27;', "'").includes(listProblemText(problem, 'kind-eu').what), text);
        assert.match(text, /What is shown was true \d+ s ago/);
      }
    });
  }

  for (const type of STATE_TYPES) {
    it(`of a state: ${type}`, () => {
      const state = stateOf(type, { code: 'unreachable', detail: 'connect ECONNREFUSED' });
      const word = stateWord(state);
      assertReadable(word);
      assert.ok(stateText(state, NOW).startsWith(word), 'tree, status bar and panel say one word');
      const { text } = showDetail({ object: fullPersona(), state });
      assertReadable(text);
      assert.ok(text.includes(stateText(state, NOW)), text);
      assert.ok(text.includes('eu production'), 'what is held stays');
      const isWell = type === 'live' || type === 'connecting' || type === 'syncing';
      assert.equal(/Reconnect|Try again|Resume|Connect /.test(text), !isWell, `what can be done: ${text}`);
    });
  }
});
