import assert from 'node:assert/strict';
import type * as v from 'valibot';
import { decodeServerFrame } from '../../../src/client/serverFrame';
import { closeReasonOf } from '../../../src/protocol/closeReason';
import { clientMessageSchema, decode, serverMessageSchema } from '../../../src/protocol/messages';
import { REQUESTS } from '../../../src/protocol/requests';
import {
  authMessageSchema,
  goodbyeSchema,
  heartbeatSchema,
  transportHelloSchema,
} from '../../../src/protocol/transportMessages';
import { cursorsOf, STREAM_MESSAGES } from '../../../src/protocol/streamMessages';
import { decodeCursor } from '../../../src/hub/cursor';
import { decodeLogCursor } from '../../../src/hub/logCursor';
import { bearerToken, RequestGuard } from '../../../src/server/requestGuard';
import { SseParser, SseTooLongError } from '../../../src/transport/web/sseParser';

/** More by `HOSTILE_RUNS`, others by `HOSTILE_SEED`: both are told where a run fails. */
const RUNS = Number(process.env.HOSTILE_RUNS ?? 2_000);
const SEED = Number(process.env.HOSTILE_SEED ?? 20_250_101);

const SECRET = 'hunter2-is-the-secret';

const SCHEMAS: readonly (readonly [string, v.GenericSchema])[] = [
  ['a message of a client', clientMessageSchema],
  ['a message of a server', serverMessageSchema],
  ['the greeting', transportHelloSchema],
  ['a token', authMessageSchema],
  ['a heartbeat', heartbeatSchema],
  ['a goodbye', goodbyeSchema],
  ...Object.entries(STREAM_MESSAGES).map(([name, schema]): [string, v.GenericSchema] => [
    `${name} of a stream`,
    schema,
  ]),
  ...Object.entries(REQUESTS).flatMap(([method, { params, result }]): [string, v.GenericSchema][] => [
    [`what ${method} asks`, params],
    [`what ${method} answers`, result],
  ]),
];

/** Well-made messages, of which one thing or several are changed. */
const TEMPLATES: readonly string[] = [
  { type: 'ready', version: 1 },
  { type: 'subscribe', id: 1, patterns: ['cluster.**'], priority: 'high', cursors: ['a', 'b'] },
  { type: 'unsubscribe', id: 1 },
  { type: 'request', id: 2, method: 'clusters.get', params: { source: 's', name: 'n' } },
  { type: 'flow', credits: 1, fps: 60 },
  { type: 'auth', token: SECRET },
  { type: 'greeting', version: 1, features: ['a'], heartbeatMs: 25_000, auth: 'none' },
  { type: 'goodbye', reason: 'r', retryAfterMs: 1 },
  { type: 'events', events: [{ type: 'cluster.updated', source: 's', name: 'n', cursor: 'c' }] },
  { type: 'response', id: 2, result: { sources: [], rows: [], removed: [], version: 'v' } },
  { type: 'error', id: 2, problem: { code: 'internal', detail: 'd' } },
  { type: 'recovered', ok: false, reset: true, retryAfterMs: 3 },
  { type: 'progress', id: 3, fraction: 0.5, text: 't' },
  { source: 's', name: 'n', since: '1', stream: 4, from: 0 },
  { version: 1, heartbeatMs: 15_000, resuming: true },
  { reason: 'missed', dropped: 2, retryAfterMs: 3, since: 'a', until: 'b' },
  { code: 1012, reason: 'r', retryAfterMs: 1, problem: { code: 'closed', detail: 'd' } },
].map((template) => JSON.stringify(template));

/** What takes the place of something well-made, as JSON. */
const STRANGE: readonly string[] = [
  'null',
  'true',
  '-1',
  '0.5',
  '1e999',
  '-0',
  '9007199254740993',
  '""',
  `"${SECRET}"`,
  '"\\u0000\\ud800"',
  '"__proto__"',
  '"constructor"',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  `[${'1,'.repeat(200)}1]`,
  `"${'x'.repeat(1_000)}"`,
  `${'['.repeat(500)}${']'.repeat(500)}`,
];

/** A linear congruential generator: whole numbers below `end`. */
function numbersFrom(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** A message of which parts were exchanged, cut, doubled or garbled. */
function hostileText(below: (end: number) => number): string {
  let text = TEMPLATES[below(TEMPLATES.length)] ?? '';
  for (let changes = below(4); changes >= 0; changes -= 1) {
    const tokens = [...text.matchAll(/"[^"]*"|-?\d[\d.e]*|true|false|null|[{}[\]]/g)];
    const token = tokens[below(tokens.length)];
    if (token === undefined) {
      break;
    }
    const [before, after] = [text.slice(0, token.index), text.slice(token.index + token[0].length)];
    const strange = STRANGE[below(STRANGE.length)] ?? '';
    const isKey = /^\s*:/.test(after);
    const put = isKey ? (strange.startsWith('"') ? strange : '"__proto__"') : strange;
    text = below(20) === 0 ? text.slice(0, below(text.length)) : before + put + after;
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe(`hostile messages (HOSTILE_SEED=${SEED} HOSTILE_RUNS=${RUNS})`, () => {
  afterEach(() => {
    assert.equal('polluted' in {}, false, 'what every object inherits was changed');
  });

  for (const [what, schema] of SCHEMAS) {
    it(`are understood or refused where ${what} is expected, and not repeated`, () => {
      const below = numbersFrom(SEED);
      for (let run = 0; run < RUNS; run += 1) {
        const text = hostileText(below);
        const decoded = decode(schema, parsed(text));
        if (decoded.ok) {
          const again = decode(schema, decoded.value);
          assert.ok(again.ok, text);
          assert.equal(JSON.stringify(again.value), JSON.stringify(decoded.value), text);
        } else {
          assert.ok(!decoded.problem.detail.includes(SECRET), text);
          assert.ok(decoded.problem.detail.length < 2_000, text);
        }
      }
    });
  }

  it('are understood, spoiled or ignored by a client', () => {
    const below = numbersFrom(SEED);
    for (let run = 0; run < RUNS; run += 1) {
      const text = hostileText(below);
      const frame = decodeServerFrame(parsed(text));
      assert.ok(['message', 'events', 'spoiled', 'ignored'].includes(frame.type), text);
    }
  });

  it('end a connection with one short line', () => {
    const below = numbersFrom(SEED);
    for (let run = 0; run < RUNS; run += 1) {
      const { problem } = closeReasonOf(below(5_000), hostileText(below), below(2) === 0);
      assert.ok(problem.detail.length <= 201 && !/[\r\n\0]/.test(problem.detail), problem.detail);
    }
  });

  it('are events of a stream, or none, and never more than it may hold', () => {
    const below = numbersFrom(SEED);
    const fields = ['data: ', 'event: ', 'id: ', 'retry: ', ': ', 'data', '', '\uFEFF', '\0'];
    const ends = ['\n', '\r', '\r\n', '\n\n', '\r\r', ''];
    const maxChars = 4_000;
    let events = 0;
    for (let run = 0; run < 4 * RUNS; run += 1) {
      const parser = new SseParser(maxChars);
      try {
        for (let line = below(6); line >= 0; line -= 1) {
          const text = `${fields[below(fields.length)]}${hostileText(below)}${ends[below(ends.length)]}`;
          const bytes = new TextEncoder().encode(text);
          // In the middle of a character, too.
          const cut = below(bytes.length + 1);
          for (const event of [...parser.take(bytes.subarray(0, cut)), ...parser.take(bytes.subarray(cut))]) {
            events += 1;
            assert.ok(event.data.length <= maxChars, text);
            assert.ok(!event.name.includes('\r') && !/[\r\0]/.test(event.lastEventId), text);
          }
        }
      } catch (error) {
        if (!(error instanceof SseTooLongError)) {
          throw error;
        }
      }
    }
    assert.ok(events > RUNS / 10, `only ${events} events`);
  });

  it('are nowhere to go on from', () => {
    const below = numbersFrom(SEED);
    const log = { source: 's', namespace: 'n', pod: 'p' };
    for (let run = 0; run < RUNS; run += 1) {
      for (const cursor of cursorsOf(hostileText(below))) {
        assert.equal(decodeCursor(cursor), undefined, cursor);
        assert.equal(decodeLogCursor(log, cursor), undefined, cursor);
      }
    }
  });

  it('reach no loopback hub by another name, and are no token but a whole one', () => {
    const below = numbersFrom(SEED);
    const guard = new RequestGuard({ isLoopback: true, allowedOrigins: [] });
    for (let run = 0; run < RUNS; run += 1) {
      const text = hostileText(below);
      const refused = guard.refuse({
        url: `/${text}`,
        headers: { host: `${text}.example.com`, origin: text },
      });
      assert.ok(refused !== undefined, text);
      const token = bearerToken({ authorization: `Bearer ${text}` });
      assert.ok(token === undefined || token === text, text);
    }
  });
});
