import assert from 'node:assert/strict';
import { interleave } from '../../bench/method/rounds';

describe('rounds that alternate', () => {
  async function order(sides: string, rounds: number): Promise<string> {
    let said = '';
    const side = (name: string) => () => {
      said += name;
      return Promise.resolve(name);
    };
    await interleave(Object.fromEntries(sides.split('').map((name) => [name, side(name)])), rounds);
    return said;
  }

  it('measure each side once a round, beginning with the next each time', async () => {
    assert.equal(await order('AB', 3), 'ABBAAB');
    assert.equal(await order('ABC', 3), 'ABCBCACAB');
  });

  it('answer the rounds of each side in their order', async () => {
    const measured = await interleave(
      { a: (round) => Promise.resolve(round), b: (round) => Promise.resolve(10 * round) },
      3,
    );
    assert.deepEqual(measured, { a: [0, 1, 2], b: [0, 10, 20] });
  });

  it('measure one thing at a time', async () => {
    let running = 0;
    const side = async (): Promise<void> => {
      running += 1;
      assert.equal(running, 1);
      await Promise.resolve();
      running -= 1;
    };
    await interleave({ a: side, b: side }, 2);
  });

  it('end at the first side that fails', async () => {
    await assert.rejects(
      interleave({ a: () => Promise.resolve(1), b: () => Promise.reject(new Error('no server')) }),
      /no server/,
    );
  });
});
