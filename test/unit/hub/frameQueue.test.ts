import assert from 'node:assert/strict';
import { FrameQueue } from '../../../src/hub/frameQueue';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { FakeClock } from '../../support/fakeClock';

function event(type: 'cluster.added' | 'cluster.updated' | 'cluster.deleted', name: string): HubEvent {
  const topic = `cluster.a.${name}`;
  return { type, topic, data: { source: 'a', name }, cursor: '', at: 0, priority: 'normal' };
}

describe('FrameQueue', () => {
  let clock: FakeClock;
  let frames: string[][];
  let queue: FrameQueue;

  beforeEach(() => {
    clock = new FakeClock();
    frames = [];
    queue = new FrameQueue(clock, (events) =>
      frames.push(events.map(({ type, data }) => `${type} ${JSON.stringify(data)}`)),
    );
  });
  afterEach(() => queue.dispose());

  it('sends the first event after a pause at once and later ones in frames of 10 ms', async () => {
    queue.push(event('cluster.updated', 'one'));
    await clock.advance(0);
    assert.equal(frames.length, 1);
    queue.push(event('cluster.updated', 'two'));
    queue.push(event('cluster.updated', 'three'));
    await clock.advance(9);
    assert.equal(frames.length, 1);
    await clock.advance(1);
    assert.equal(frames[1]?.length, 2);
  });

  it('says the same thing once a frame', async () => {
    queue.push(event('cluster.updated', 'one'));
    queue.push(event('cluster.updated', 'one'));
    await clock.advance(0);
    assert.deepEqual(frames, [['cluster.updated {"source":"a","name":"one"}']]);
  });

  it('keeps news as news, and lets a deletion have the last word', async () => {
    queue.push(event('cluster.added', 'one'));
    queue.push(event('cluster.updated', 'one'));
    queue.push(event('cluster.updated', 'two'));
    queue.push(event('cluster.deleted', 'two'));
    await clock.advance(0);
    assert.deepEqual(frames, [
      ['cluster.added {"source":"a","name":"one"}', 'cluster.deleted {"source":"a","name":"two"}'],
    ]);
  });

  it('sends nothing that was pushed before it was cleared, nor after its disposal', async () => {
    queue.push(event('cluster.updated', 'one'));
    queue.clear();
    await clock.advance(20);
    queue.dispose();
    queue.push(event('cluster.updated', 'two'));
    await clock.advance(20);
    assert.deepEqual(frames, []);
    assert.equal(clock.pendingTimers, 0);
  });
});
