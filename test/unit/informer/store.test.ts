import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/base/kubeObject';
import { Store, type Delta } from '../../../src/informer/store';

function object(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return { metadata: { name, uid, resourceVersion } };
}

function texts(deltas: readonly Delta[]): string[] {
  return deltas.map((delta) => {
    switch (delta.type) {
      case 'added':
        return `+${delta.object.metadata.name}`;
      case 'updated':
        return `~${delta.after.metadata.name}`;
      case 'deleted':
        return `-${delta.last.metadata.name} ${delta.how}`;
      default: {
        const unknown: never = delta;
        throw new TypeError(String(unknown));
      }
    }
  });
}

describe('Store', () => {
  it('replaces everything at once: deletions first, in the old order, then the rest in the order of the list', () => {
    const store = new Store();
    store.replace(['z', 'b', 'c', 'a', 'y'].map((name) => object(name, '1')));
    const deltas = store.replace([
      object('n', '5'),
      object('c', '1'),
      object('b', '6'),
      object('a', '7', 'another'),
    ]);
    assert.deepEqual(texts(deltas), ['-z inferred', '-y inferred', '+n', '~b', '-a inferred', '+a']);
    assert.deepEqual(
      [...store.values()].map(({ metadata }) => metadata.name),
      ['n', 'c', 'b', 'a'],
    );
  });

  it('keeps the very object whose version did not change', () => {
    const store = new Store();
    const held = object('a', '1');
    store.replace([held]);
    assert.deepEqual(store.replace([object('a', '1')]), []);
    assert.deepEqual(store.put(object('a', '1'), 'observed'), []);
    assert.equal(store.get('a'), held);
  });

  it('tells objects without a version from each other by nothing, so each is news', () => {
    const store = new Store();
    store.replace([{ metadata: { name: 'a' } }]);
    assert.deepEqual(texts(store.put({ metadata: { name: 'a' } }, 'observed')), ['~a']);
  });

  it('holds objects of the same name in several namespaces', () => {
    const store = new Store();
    store.put({ metadata: { name: 'a', namespace: 'x' } }, 'observed');
    store.put({ metadata: { name: 'a', namespace: 'y' } }, 'observed');
    assert.equal(store.size, 2);
    assert.equal(store.get('y/a')?.metadata.namespace, 'y');
  });

  it('gives the last state on deletion, and nothing for what it does not hold', () => {
    const store = new Store();
    store.put(object('a', '1'), 'observed');
    const last = object('a', '2');
    assert.deepEqual(store.delete(last), [{ type: 'deleted', last, how: 'observed' }]);
    assert.deepEqual(store.delete(last), []);
  });

  it('survives a list that names an object twice: the last one counts', () => {
    const store = new Store();
    assert.deepEqual(texts(store.replace([object('a', '1'), object('a', '2')])), ['+a', '~a']);
    assert.equal(store.get('a')?.metadata.resourceVersion, '2');
  });

  it('is not confused by names of Object.prototype', () => {
    const store = new Store();
    assert.equal(store.get('constructor'), undefined);
    assert.deepEqual(texts(store.put(object('__proto__', '1'), 'observed')), ['+__proto__']);
  });
});
