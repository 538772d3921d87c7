import assert from 'node:assert/strict';
import { FieldSet, fieldSetOf, pathText } from '../../../../src/demo/fieldManager/fieldSet';
import { seededRandom } from '../../../../src/base/random';

/** Every member as a text: the plain model of a set. */
function members(set: FieldSet): ReadonlySet<string> {
  const paths = new Set<string>();
  set.forEach((path) => paths.add(path.join('/')));
  return paths;
}

function setOf(paths: Iterable<string>): FieldSet {
  const set = new FieldSet();
  for (const path of paths) {
    set.insert(path.split('/'));
  }
  return set;
}

describe('a set of fields', () => {
  it('writes and reads FieldsV1, members with and without fields below them', () => {
    const fields = {
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:status': {} } } },
    };
    const set = FieldSet.fromFieldsV1(fields);
    assert.ok(set);
    assert.deepEqual(set.toFieldsV1(), fields);
    assert.deepEqual(
      [...members(set)],
      [
        'f:metadata/f:labels',
        'f:metadata/f:labels/f:a',
        'f:status/f:conditions/k:{"type":"Ready"}',
        'f:status/f:conditions/k:{"type":"Ready"}/f:status',
      ],
    );
  });

  it('names fields as conflicts do', () => {
    const path = ['f:status', 'f:conditions', 'k:{"type":"Ready"}', 'f:status'];
    assert.equal(pathText(path), '.status.conditions[type="Ready"].status');
    assert.equal(pathText(['f:metadata', 'f:finalizers', 'v:"x"']), '.metadata.finalizers[="x"]');
  });

  it('takes away fields with or without what is below them', () => {
    const set = setOf(['f:a', 'f:a/f:b', 'f:c']);
    const other = fieldSetOf(['a']);
    assert.deepEqual([...members(set.difference(other))], ['f:a/f:b', 'f:c']);
    assert.deepEqual([...members(set.recursiveDifference(other))], ['f:c']);
  });

  it('behaves like a set of paths, whatever is put into it', () => {
    const random = seededRandom(4);
    const path = () =>
      Array.from(
        { length: 1 + Math.floor(random.next() * 3) },
        () => `f:${'abc'[Math.floor(random.next() * 3)]}`,
      ).join('/');
    for (let round = 0; round < 500; round += 1) {
      const a = new Set(Array.from({ length: 6 }, path));
      const b = new Set(Array.from({ length: 6 }, path));
      const [x, y] = [setOf(a), setOf(b)];
      const onlyInA = new Set([...a].filter((one) => !b.has(one)));
      assert.deepEqual(members(x.union(y)), new Set([...a, ...b]));
      assert.deepEqual(members(x.intersection(y)), new Set([...a].filter((one) => b.has(one))));
      assert.deepEqual(members(x.difference(y)), onlyInA);
      const below = [...a].filter(
        (own) => ![...b].some((other) => own === other || own.startsWith(`${other}/`)),
      );
      assert.deepEqual(members(x.recursiveDifference(y)), new Set(below));
      assert.equal(x.equals(y), onlyInA.size === 0 && a.size === b.size);
      assert.equal(x.difference(y).isEmpty, onlyInA.size === 0);
    }
  });
});
