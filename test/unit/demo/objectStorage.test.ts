import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/base/kubeObject';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { CLUSTER_PERSONAS, NAMESPACES, PODS } from '../../../src/demo/apiServer/apiResource';
import { COMPACTED, ObjectStorage, type StorageEvent } from '../../../src/demo/apiServer/objectStorage';
import { trackLeaks } from '../../support/leakTracker';

function named(name: string, note = ''): KubeObject {
  return { metadata: { name }, note };
}

function createStorage(historyLimit = 100): ObjectStorage {
  return new ObjectStorage({ logger: nullLogger, historyLimit });
}

function notesAt(storage: ObjectStorage, revision?: number): Record<string, unknown> | typeof COMPACTED {
  const snapshot = storage.list(CLUSTER_PERSONAS, revision);
  return snapshot === COMPACTED
    ? COMPACTED
    : Object.fromEntries(snapshot.items.map(({ object }) => [object.metadata.name, object['note']]));
}

describe('ObjectStorage', () => {
  trackLeaks();

  it('raises one revision with every write, over all resources', () => {
    const storage = createStorage();
    const start = storage.revision;
    const first = storage.put(CLUSTER_PERSONAS, named('a'));
    const second = storage.put(PODS, { metadata: { name: 'p', namespace: 'ns' } });
    const third = storage.delete(CLUSTER_PERSONAS, undefined, 'a');
    assert.deepEqual([first.revision, second.revision, third?.revision], [start + 1, start + 2, start + 3]);
    assert.equal(first.object.metadata.resourceVersion, String(start + 1));
    assert.equal(third?.object.metadata.resourceVersion, String(start + 3));
    assert.equal(storage.delete(CLUSTER_PERSONAS, undefined, 'a'), undefined);
    assert.equal(storage.revision, start + 3);
  });

  it('keeps what was stored when the writer changes its copy of the metadata', () => {
    const storage = createStorage();
    const object = named('a');
    const stored = storage.put(CLUSTER_PERSONAS, object);
    assert.equal(object.metadata.resourceVersion, undefined);
    assert.equal(storage.get(CLUSTER_PERSONAS, undefined, 'a'), stored);
  });

  it('lists in the order of keys, one resource at a time', () => {
    const storage = createStorage();
    for (const name of ['b', 'a', 'c']) {
      storage.put(CLUSTER_PERSONAS, named(name));
      storage.put(NAMESPACES, named(`ns-${name}`));
    }
    const snapshot = storage.list(CLUSTER_PERSONAS);
    assert.notEqual(snapshot, COMPACTED);
    assert.deepEqual(Object.keys(notesAt(storage)), ['a', 'b', 'c']);
  });

  it('tells its listeners in order, with the state before and after', () => {
    const storage = createStorage();
    const events: StorageEvent[] = [];
    const subscription = storage.onEvent((event) => events.push(event));
    storage.put(CLUSTER_PERSONAS, named('a', 'one'));
    storage.put(CLUSTER_PERSONAS, named('a', 'two'));
    storage.delete(CLUSTER_PERSONAS, undefined, 'a');
    subscription.dispose();
    storage.put(CLUSTER_PERSONAS, named('b'));
    assert.deepEqual(
      events.map(({ type, previous, current }) => [type, previous?.object['note'], current.object['note']]),
      [
        ['ADDED', undefined, 'one'],
        ['MODIFIED', 'one', 'two'],
        ['DELETED', 'two', 'two'],
      ],
    );
  });

  it('rebuilds any state that its history reaches back to, and says when it does not', () => {
    const random = seededRandom(11);
    const storage = createStorage(50);
    const states = new Map<number, Record<string, unknown> | typeof COMPACTED>([
      [storage.revision, notesAt(storage)],
    ]);
    for (let write = 0; write < 300; write += 1) {
      const name = `n${Math.floor(random.next() * 8)}`;
      if (random.next() < 0.3) {
        storage.delete(CLUSTER_PERSONAS, undefined, name);
      } else {
        storage.put(CLUSTER_PERSONAS, named(name, `note ${write}`));
      }
      states.set(storage.revision, notesAt(storage));
    }
    let compacted = 0;
    for (const [revision, state] of states) {
      const rebuilt = notesAt(storage, revision);
      if (rebuilt === COMPACTED) {
        compacted += 1;
        assert.ok(revision <= storage.revision - 50, 'the newest 50 are always there');
      } else {
        assert.deepEqual(rebuilt, state);
      }
    }
    assert.ok(compacted > 0 && compacted < states.size);
  });

  it('hands out the changes since a revision, up to the edge of its history', () => {
    const storage = createStorage(5);
    for (let write = 0; write < 40; write += 1) {
      storage.put(CLUSTER_PERSONAS, named('a', String(write)));
    }
    const newest = storage.revision;
    assert.equal(storage.changesSince(CLUSTER_PERSONAS, newest - 20), COMPACTED);
    const changes = storage.changesSince(CLUSTER_PERSONAS, newest - 3);
    assert.ok(changes !== COMPACTED);
    assert.deepEqual(
      changes.map((event) => event.revision),
      [newest - 2, newest - 1, newest],
    );
    assert.deepEqual(storage.changesSince(CLUSTER_PERSONAS, newest), []);
    assert.deepEqual(storage.changesSince(PODS, newest - 3), []);
  });
});
