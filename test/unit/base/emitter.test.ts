import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';

function rethrow(error: unknown): never {
  throw error;
}

describe('Emitter', () => {
  it('tells its listeners in the order in which they subscribed', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>(rethrow);
    emitter.event((value) => heard.push(`a ${value}`));
    emitter.event((value) => heard.push(`b ${value}`));
    emitter.fire('x');
    assert.deepEqual(heard, ['a x', 'b x']);
  });

  it('serves the others when one listener throws', () => {
    const errors: unknown[] = [];
    const heard: string[] = [];
    const emitter = new Emitter<string>((error) => errors.push(error));
    const trouble = new Error('trouble');
    emitter.event(() => {
      throw trouble;
    });
    emitter.event((value) => heard.push(value));
    emitter.fire('x');
    assert.deepEqual([heard, errors], [['x'], [trouble]]);
  });

  it('tells a listener nothing once it is removed, even while a value is told', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>(rethrow);
    emitter.event(() => second.dispose());
    const second = emitter.event((value) => heard.push(value));
    emitter.fire('x');
    assert.deepEqual(heard, []);
  });

  it('tells a listener that is added while a value is told only later ones', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>(rethrow);
    const first = emitter.event(() => {
      first.dispose();
      emitter.event((value) => heard.push(value));
    });
    emitter.fire('x');
    emitter.fire('y');
    assert.deepEqual(heard, ['y']);
  });

  it('tells nothing after its disposal', () => {
    const emitter = new Emitter<string>(rethrow);
    emitter.event(() => assert.fail());
    emitter.dispose();
    emitter.event(() => assert.fail());
    emitter.fire('x');
  });
});
