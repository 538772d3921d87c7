import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { eventBytes } from '../../../../src/hub/flow/eventBytes';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import { alertEvent } from './flowEvents';

function jsonBytes(event: HubEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0000', '\u007f', 'é', '語', '😀', '\ud800') }),
  fc.string({ unit: fc.constantFrom('a', '\u0000'), minLength: 4_000, maxLength: 5_000 }),
);
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
const base = {
  topic: text,
  cursor: text,
  at: number,
  priority: fc.constantFrom('critical' as const, 'normal' as const),
};
const event: fc.Arbitrary<HubEvent> = fc.oneof(
  fc.record({
    ...base,
    replayed: fc.constant(true as const),
    type: fc.constant('component.changed' as const),
    data: fc.record({
      source: text,
      name: text,
      kind: fc.constantFrom('node' as const, 'addon' as const),
      component: text,
    }),
  }),
  fc.record({
    ...base,
    type: fc.constant('command.progress' as const),
    data: fc.record({
      id: text,
      command: fc.constant('saveDiagnosis' as const),
      state: fc.constant('cancelled' as const),
      fraction: number,
      subject: text,
      problem: fc.record({ code: fc.constant('internal' as const), detail: text }),
    }),
  }),
  fc.record({
    ...base,
    type: fc.constant('log.appended' as const),
    data: fc.record({ source: text, stream: text, first: number, next: number }),
  }),
);

describe('eventBytes', () => {
  it('is never less than what JSON takes in UTF-8', () => {
    fc.assert(
      fc.property(event, (told) => {
        assert.ok(eventBytes(told) >= jsonBytes(told), JSON.stringify(told));
      }),
    );
  });

  it('counts each kind of character for what it becomes, or more', () => {
    for (const character of [
      'a',
      '"',
      '\\',
      '\n',
      '\u0000',
      '\u007f',
      'é',
      '߿',
      'ࠀ',
      '語',
      '\uffff',
      '😀',
      '\udc00',
    ]) {
      const told = alertEvent(character.repeat(1_000));
      assert.ok(eventBytes(told) >= jsonBytes(told), JSON.stringify(character));
    }
  });

  it('is hardly more for an ordinary event', () => {
    const plain = alertEvent('node-7', { cursor: 'k3v9x2.1234567' });
    assert.ok(eventBytes(plain) <= jsonBytes(plain) + 60, `${eventBytes(plain)} for ${jsonBytes(plain)}`);
    const foreign = alertEvent('語'.repeat(1_000));
    assert.ok(eventBytes(foreign) <= 1.1 * jsonBytes(foreign));
  });
});
