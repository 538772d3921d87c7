import assert from 'node:assert/strict';
import { BodyTooLargeError } from '../../../src/base/readBody';
import { seededRandom } from '../../../src/base/random';
import { ListSplitter } from '../../../src/informer/listSplitter';

/** Pushes a text in pieces of a size; the items and the envelope. */
function split(
  text: string,
  pieceBytes: number,
  maxItemBytes = 10_000,
): { items: unknown[]; envelope: unknown } {
  const splitter = new ListSplitter(maxItemBytes);
  const bytes = new TextEncoder().encode(text);
  const items: unknown[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    items.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  }
  return { items, envelope: splitter.end() };
}

describe('ListSplitter', () => {
  const tricky = {
    apiVersion: 'v1',
    annotations: { items: [1, 2] },
    note: 'items',
    other: ['items', { items: ['x'] }],
    '"items"': [0],
    items: [
      { a: '"items":[' },
      { b: '}]\\"{[', c: [[], {}, [1, [2]]] },
      null,
      'text, with [brackets]',
      12.5,
      ['nested', { items: [] }],
      { 'Zürich 東京 🙂': 'ß' },
    ],
    kind: 'List',
    metadata: { resourceVersion: '7', labels: { items: 'x' } },
  };

  for (const [form, text] of [
    ['compact', JSON.stringify(tricky)],
    ['indented', JSON.stringify(tricky, null, 4)],
  ] as const) {
    for (const pieceBytes of [1, 2, 3, 7, 64, 100_000]) {
      it(`gives what JSON.parse gives of a ${form} list in pieces of ${pieceBytes} bytes`, () => {
        const { items, envelope } = split(text, pieceBytes);
        assert.deepEqual(items, tricky.items);
        assert.deepEqual(envelope, { ...tricky, items: [] });
      });
    }
  }

  for (const text of ['{"items":[],"kind":"x"}', '{"items":[ \n ]}', '{"items":null}', '{}']) {
    it(`finds no items in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(split(text, 3).items, []);
    });
  }

  it('gives items as soon as they are complete', () => {
    const splitter = new ListSplitter(1_000);
    const encoder = new TextEncoder();
    assert.deepEqual(splitter.push(encoder.encode('{"items":[{"a":1},{"b":')), [{ a: 1 }]);
    assert.deepEqual(splitter.push(encoder.encode('2},')), [{ b: 2 }]);
  });

  for (const text of ['{"items":[{"a":1},', '{"items":[{"a":1}]', '{"items":[{"a":"', '', '<html>']) {
    it(`throws on the cut or foreign text ${JSON.stringify(text)}`, () => {
      assert.throws(() => split(text, 4), SyntaxError);
    });
  }

  it('throws on items that are not JSON', () => {
    assert.throws(() => split('{"items":[{"a":1},{a:2}]}', 100), SyntaxError);
    assert.throws(() => split('{"items":[1,,2]}', 100), SyntaxError);
  });

  it('holds no endless item', () => {
    assert.throws(() => split(`{"items":["${'x'.repeat(2_000)}"]}`, 100, 1_000), BodyTooLargeError);
  });

  it('holds no endless text around the items', () => {
    assert.throws(() => split(`{"x":"${'x'.repeat(2_000)}","items":[]}`, 100, 1_000), BodyTooLargeError);
  });

  it('agrees with JSON.parse on random lists', () => {
    const seed = 20_261;
    const random = seededRandom(seed);
    for (let round = 0; round < 200; round += 1) {
      const items = Array.from({ length: Math.floor(random.next() * 20) }, () => value(random, 3));
      const text = JSON.stringify({ a: value(random, 3), items, metadata: value(random, 3) });
      assert.deepEqual(
        split(text, 1 + Math.floor(random.next() * 40)).items,
        JSON.parse(text).items,
        `seed ${seed}, round ${round}`,
      );
    }
  });
});

function value(random: { next(): number }, depth: number): unknown {
  const strings = ['items', '"', '\\', '\\"', '[', ']', '{', '}', ',', ':', 'ü', '🙂', ''];
  const pick = Math.floor(random.next() * (depth === 0 ? 4 : 6));
  switch (pick) {
    case 0:
      return null;
    case 1:
      return Math.floor(random.next() * 100);
    case 2:
    case 3:
      return strings[Math.floor(random.next() * strings.length)] ?? '';
    case 4:
      return Array.from({ length: Math.floor(random.next() * 4) }, () => value(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(random.next() * 4) }, () => [
          `k${strings[Math.floor(random.next() * strings.length)] ?? ''}`,
          value(random, depth - 1),
        ]),
      );
  }
}
