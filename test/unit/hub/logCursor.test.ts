import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeLogCursor, encodeLogCursor, LogCursor } from '../../../src/hub/logCursor';
import type { PodLogLine } from '../../../src/kube/followPodLog';

const TARGET = { source: 's', namespace: 'n', pod: 'p' };
const SECOND = 'yyyy-mm-ddThh:mm:ss'.length;

/** Few times and texts, so that many are equal; in order but for what two outputs of a container mix up. */
const arbitraryLog = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 3 }),
      back: fc.integer({ min: 0, max: 1 }),
      text: fc.constantFrom('a', 'b', ''),
    }),
    {
      maxLength: 30,
    },
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ step, back, text }): PodLogLine => {
      at += step * 300_000_000;
      // A little earlier than the line before it, but of the same second.
      const nanoseconds = at - (at % 1_000_000_000 === 0 ? 0 : back);
      const second = Math.floor(nanoseconds / 1_000_000_000);
      const fraction = String(nanoseconds % 1_000_000_000)
        .padStart(9, '0')
        .replace(/0+$/, '');
      const time = `2026-01-01T00:00:${String(second).padStart(2, '0')}${fraction === '' ? '' : `.${fraction}`}Z`;
      return { time, text };
    });
  });

/** What a server sends of a log that is asked for from this time on: it cuts to whole seconds. */
function since(log: readonly PodLogLine[], time: string): readonly PodLogLine[] {
  return log.filter((line) => (line.time ?? '').slice(0, SECOND) >= time.slice(0, SECOND));
}

function readAll(cursor: LogCursor, lines: readonly PodLogLine[]): { fresh: PodLogLine[]; gaps: number } {
  const fresh: PodLogLine[] = [];
  let gaps = 0;
  for (const line of lines) {
    const sort = cursor.take(line);
    gaps += Number(sort === 'gap');
    if (sort !== 'held') {
      fresh.push(line);
    }
  }
  return { fresh, gaps };
}

describe('LogCursor', () => {
  it('tells every line once, wherever the stream was cut, and no gap where there is none', () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(30), fc.nat(30), (log, first, second) => {
        const cuts = [first, second].map((cut) => Math.min(cut, log.length)).sort((a, b) => a - b);
        let cursor = new LogCursor();
        let told = readAll(cursor, log.slice(0, cuts[0])).fresh;
        for (const end of [cuts[1], log.length]) {
          const text = cursor.position && encodeLogCursor(TARGET, cursor.position);
          if (text === undefined) {
            cursor = new LogCursor();
            told = readAll(cursor, log.slice(0, end)).fresh;
            continue;
          }
          const position = decodeLogCursor(TARGET, text);
          assert.deepEqual(position, cursor.position);
          assert.ok(position);
          cursor = new LogCursor(position);
          const { fresh, gaps } = readAll(cursor, since(log.slice(0, end), position.time));
          assert.equal(gaps, 0);
          told = [...told, ...fresh];
        }
        assert.deepEqual(told, log);
      }),
      { numRuns: 3_000 },
    );
  });

  const at = (time: string, text: string): PodLogLine => ({ time: `2026-01-01T00:00:${time}Z`, text });

  it('tells a gap where the last line does not come again, once, and everything after it', () => {
    const cursor = new LogCursor();
    readAll(cursor, [at('01.1', 'a'), at('01.2', 'b')]);
    assert.ok(cursor.position);
    const resumed = new LogCursor(cursor.position);
    assert.deepEqual(readAll(resumed, [at('07', 'x'), at('07.5', 'y')]), {
      fresh: [at('07', 'x'), at('07.5', 'y')],
      gaps: 1,
    });
    assert.equal(resumed.position?.time, '2026-01-01T00:00:07.5Z');
  });

  it('takes another line of the same time for another one', () => {
    const cursor = new LogCursor();
    readAll(cursor, [at('01.1', 'a')]);
    assert.ok(cursor.position);
    assert.deepEqual(readAll(new LogCursor(cursor.position), [at('01.1', 'b'), at('01.2', 'c')]), {
      fresh: [at('01.2', 'c')],
      gaps: 1,
    });
  });

  it('says nothing of where it is before a line with a time came', () => {
    const cursor = new LogCursor();
    readAll(cursor, [{ text: 'a' }]);
    assert.equal(cursor.position, undefined);
  });

  it('is the same by any time zone and any number of digits', () => {
    const cursor = new LogCursor();
    readAll(cursor, [{ time: '2026-01-01T01:00:00.5+01:00', text: 'a' }]);
    assert.ok(cursor.position);
    const again = { time: '2026-01-01T00:00:00.500Z', text: 'a' };
    assert.deepEqual(readAll(new LogCursor(cursor.position), [again, at('00.6', 'b')]), {
      fresh: [at('00.6', 'b')],
      gaps: 0,
    });
  });

  it('is made up by nobody, and of no other log', () => {
    const position = { time: '2026-01-01T00:00:01Z', hash: '0123456789abcdef', count: 1, after: 0 };
    const text = encodeLogCursor(TARGET, position);
    assert.match(text, /^[\w:~+.-]+$/);
    assert.deepEqual(decodeLogCursor(TARGET, text), position);
    for (const other of [
      { ...TARGET, pod: 'q' },
      { ...TARGET, container: 'c' },
      { ...TARGET, source: 't' },
    ]) {
      assert.equal(decodeLogCursor(other, text), undefined);
    }
    for (const wrong of [
      '',
      'none',
      '~~~~~',
      `${text}~`,
      text.slice(1),
      text.replace('2026', 'x'),
      text.replace(/~1~/, '~0~'),
    ]) {
      assert.equal(decodeLogCursor(TARGET, wrong), undefined, wrong);
    }
    fc.assert(
      fc.property(fc.string(), (made) => {
        assert.equal(decodeLogCursor(TARGET, made), undefined);
      }),
    );
  });
});
