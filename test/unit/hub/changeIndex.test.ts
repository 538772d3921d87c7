import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/base/random';
import { ChangeIndex } from '../../../src/hub/changeIndex';

const key = (name: string) => ({ source: 'a', name });

describe('ChangeIndex', () => {
  it('answers with what changed and what left since a version', () => {
    const index = new ChangeIndex('x');
    index.changed(key('one'));
    const { version } = index;
    index.changed(key('two'));
    index.changed(key('three'));
    index.removed(key('one'));
    index.changed(key('two'));
    assert.deepEqual(index.since(version), {
      reset: false,
      changed: [key('three'), key('two')],
      removed: [key('one')],
    });
  });

  it('keeps personas apart whatever is in the names of their sources', () => {
    const index = new ChangeIndex('x');
    const { version } = index;
    const keys = [
      { source: 'a', name: 'b/c' },
      { source: 'a/b', name: 'c' },
    ];
    keys.forEach((each) => index.changed(each));
    assert.deepEqual(index.since(version), { reset: false, changed: keys, removed: [] });
  });

  it('answers with nothing when nothing changed', () => {
    const index = new ChangeIndex('x');
    index.changed(key('one'));
    assert.deepEqual(index.since(index.version), { reset: false, changed: [], removed: [] });
  });

  it('asks for a reset when the version is of another instance, of the future, or no version at all', () => {
    const index = new ChangeIndex('x');
    for (const version of ['y-0', 'x-1', 'x-', 'x--1', 'x-1e3', '', 'x-99999999999999999999']) {
      assert.deepEqual(index.since(version), { reset: true }, version);
    }
  });

  it('asks for a reset once the departures since a version are forgotten, and remembers at least 1,000 of them', () => {
    const index = new ChangeIndex('x');
    const { version: beginning } = index;
    for (let n = 0; n < 10_000; n += 1) {
      index.changed(key(String(n)));
    }
    for (let n = 0; n < 9_000; n += 1) {
      index.removed(key(String(n)));
    }
    const { version } = index;
    for (let n = 9_000; n < 10_000; n += 1) {
      index.removed(key(String(n)));
    }
    const recent = index.since(version);
    assert.equal(!recent.reset && recent.removed.length, 1_000);
    assert.deepEqual(index.since(beginning), { reset: true });
  });

  it('agrees with a plain model over random changes', () => {
    const random = seededRandom(7);
    const index = new ChangeIndex('x');
    const history: { readonly version: string; readonly state: ReadonlySet<string> }[] = [];
    let state = new Set<string>();
    for (let step = 0; step < 5_000; step += 1) {
      const name = String(Math.floor(random.next() * 200));
      state = new Set(state);
      if (state.has(name) && random.next() < 0.4) {
        state.delete(name);
        index.removed(key(name));
      } else {
        state.add(name);
        index.changed(key(name));
      }
      history.push({ version: index.version, state });
    }
    for (let probe = 0; probe < 300; probe += 1) {
      const entry = history[Math.floor(random.next() * history.length)];
      assert.ok(entry !== undefined);
      const answer = index.since(entry.version);
      assert.ok(!answer.reset);
      const rebuilt = new Set(entry.state);
      for (const { name } of answer.removed) {
        rebuilt.delete(name);
      }
      for (const { name } of answer.changed) {
        rebuilt.add(name);
      }
      assert.deepEqual([...rebuilt].toSorted(), [...state].toSorted());
    }
  });
});
