import assert from 'node:assert/strict';
import { problemOf } from '../../../src/extension/sourceFacts';
import {
  sourceLine,
  sourcesAtAGlance,
  summarizeSources,
  withAlerts,
} from '../../../src/extension/sourcesSummary';
import { sourceNotice } from '../../../src/extension/tree/sourceNotice';
import { sourceRowTexts } from '../../../src/extension/tree/sourceRowText';
import type { SourceState, SourceStatus } from '../../../src/protocol/sourceState';
import { listProblemHeadline } from '../../../src/texts/problemHeadline';
import { stateWord } from '../../../src/texts/stateText';
import { assertReadable } from '../../support/assertReadable';
import { PROBLEM_CODES, STATE_TYPES, stateOf } from '../../support/samples/sampleStates';

const NOW = 100_000;

function statusOf(state: SourceState): SourceStatus {
  return { source: 's', kind: 'kubeconfig', label: 'prod-eu', state, count: 1, asOf: NOW - 2_000 };
}

/** What the row of a source says, without what is about its personas. */
function rowOf(state: SourceState): string {
  const quiet = {
    route: undefined,
    sceneWord: undefined,
    onlyPhase: undefined,
    unhealthyCount: 0,
    alertCount: 0,
    changedCount: 0,
  };
  return sourceRowTexts({ state, ...quiet }, NOW).join(' · ');
}

/** Tree, status bar and its tooltip: none is empty, and all say one word. */
function assertOneWord(state: SourceState): void {
  const word = stateWord(state);
  const row = rowOf(state);
  assertReadable(row);
  assert.ok(row.startsWith(word), row);
  const line = sourceLine(statusOf(state), NOW);
  assertReadable(line);
  assert.ok(line.startsWith(`prod-eu: ${row}`), line);
  const { icon, text } = summarizeSources([statusOf(state), statusOf({ type: 'idle' })]);
  assert.match(icon, /^[a-z~-]+$/);
  assert.equal(text, state.type === 'idle' ? 'no cluster' : `1 ${word}`);
}

function assertNotice(state: SourceState): void {
  const notice = sourceNotice(state, 'kubeconfig');
  assert.ok(notice !== undefined, `rows below a source that is ${stateWord(state)}`);
  const { what, remedy } = notice;
  for (const text of [what, remedy.label, remedy.icon, remedy.command]) {
    assertReadable(text);
  }
  const problem = problemOf(state);
  if (problem !== undefined) {
    assert.equal(what, listProblemHeadline(problem.code));
    assert.ok(sourceLine(statusOf(state), NOW).includes(what));
  }
}

describe('every fault has its face in the tree and in the status bar', () => {
  for (const type of STATE_TYPES) {
    for (const code of PROBLEM_CODES) {
      const state = stateOf(type, { code, detail: 'something technical' }, NOW);
      if ('problem' in state) {
        it(`${type} because of ${code}`, () => {
          assertOneWord(state);
          assertNotice(state);
          assert.equal(summarizeSources([statusOf(state)]).isWarning, true);
        });
      }
    }
    it(`${type}, whatever the reason`, () => {
      const some = { code: 'unreachable', detail: '' } as const;
      const state: SourceState = type === 'stale' ? { type, since: NOW - 30_000 } : stateOf(type, some, NOW);
      assertOneWord(state);
      const isFine = ['idle', 'connecting', 'syncing', 'live'].includes(type);
      if (isFine) {
        assert.equal(sourceNotice(state, 'kubeconfig'), undefined);
      } else {
        assertNotice(state);
      }
      assert.equal(summarizeSources([statusOf(state)]).isWarning, !isFine && type !== 'paused');
    });
  }
});

describe('many sources at a glance', () => {
  const glance = (...types: readonly SourceState['type'][]) =>
    summarizeSources(types.map((type) => statusOf(stateOf(type, { code: 'closed', detail: '' }, NOW))));

  it('are counted by their words, what is live first', () => {
    assert.equal(
      glance('stale', 'live', 'syncing', 'live', 'idle', 'forbidden').text,
      '2 live, 1 syncing, 1 stale, 1 forbidden',
    );
  });

  it('have a sign that tells whether there is anything to do', () => {
    assert.deepEqual(
      [glance(), glance('live'), glance('live', 'connecting'), glance('live', 'stale'), glance('failed')].map(
        ({ icon }) => icon,
      ),
      ['plug', 'pulse', 'sync~spin', 'warning', 'debug-disconnect'],
    );
  });
});

describe('alerts in the status bar', () => {
  const calm = summarizeSources([statusOf({ type: 'live' })]);

  it('come first, with the sign of the worst', () => {
    assert.deepEqual(withAlerts(calm, { total: 3, worst: 'warning' }), {
      icon: 'warning',
      text: '3 alerts · 1 live',
      isWarning: false,
    });
    assert.equal(withAlerts(calm, { total: 1, worst: 'critical' }).icon, 'error');
    assert.equal(withAlerts(calm, { total: 1, worst: 'info' }).text, '1 alert · 1 live');
    assert.equal(withAlerts(calm, { total: 1, worst: 'info' }).icon, 'info');
  });

  it('are not mentioned where there are none', () => {
    assert.deepEqual(withAlerts(calm, { total: 0, worst: undefined }), calm);
  });
});

describe('what stands beside the name of a source', () => {
  it('is its state, then what it plays, how its personas are, its alerts, and what changed', () => {
    const state = { type: 'live' } as const;
    const facts = {
      state,
      route: undefined,
      sceneWord: 'storm',
      onlyPhase: undefined,
      unhealthyCount: 2,
      alertCount: 4,
      changedCount: 3,
    };
    assert.deepEqual(sourceRowTexts(facts, NOW), [
      'live',
      'storm',
      '2 unhealthy',
      '4 alerts',
      '3 changed while away',
    ]);
    const alone = {
      ...facts,
      route: undefined,
      sceneWord: undefined,
      onlyPhase: 'Degraded',
      alertCount: 1,
      changedCount: 0,
    } as const;
    assert.deepEqual(sourceRowTexts(alone, NOW), ['live', 'Degraded', '1 alert']);
    const problem = { code: 'closed', detail: 'blocked' } as const;
    const polled = { ...alone, route: { type: 'polling', problem } } as const;
    assert.deepEqual(sourceRowTexts(polled, NOW), ['live', 'degraded: polling', 'Degraded', '1 alert']);
  });
});

describe('the lines of the status bar’s tooltip', () => {
  const live: SourceState = { type: 'live' };
  const many = (count: number, state: SourceState): SourceStatus[] =>
    Array.from({ length: count }, (_, place) => ({ ...statusOf(state), source: `${state.type} ${place}` }));

  it('are those of all sources, in their order, as long as they are few', () => {
    const few = [...many(10, live), ...many(10, { type: 'stale', since: NOW })];
    assert.deepEqual(sourcesAtAGlance(few), { shown: few, more: 0 });
  });

  it('are twenty of a thousand, and what is not true any more comes before what is on its way and what is live', () => {
    const all = [
      ...many(990, live),
      ...many(3, { type: 'connecting' }),
      ...many(7, { type: 'stale', since: NOW }),
    ];
    const { shown, more } = sourcesAtAGlance(all);
    assert.equal(more, 980);
    assert.deepEqual(
      shown.map(({ source }) => source.replace(/ \d+$/, '')),
      [
        ...Array<string>(7).fill('stale'),
        ...Array<string>(3).fill('connecting'),
        ...Array<string>(10).fill('live'),
      ],
    );
    assert.equal(shown[0]?.source, 'stale 0');
  });
});

describe('the sign of the status bar', () => {
  it('is that of sources in trouble beside an alert that is less', () => {
    const away = summarizeSources([statusOf({ type: 'stale', since: NOW })]);
    assert.equal(withAlerts(away, { total: 1, worst: 'info' }).icon, away.icon);
    assert.equal(withAlerts(away, { total: 1, worst: 'critical' }).icon, 'error');
  });
});
