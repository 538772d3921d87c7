import assert from 'node:assert/strict';
import { seenAt } from '../../bench/host/sighting';

describe('when a write was seen', () => {
  const sightings = [
    { sequence: 1, atMs: 10 },
    { sequence: 4, atMs: 40 },
    { sequence: 5, atMs: 50 },
  ];

  it('is when it was shown itself', () => {
    assert.equal(seenAt(sightings, 1), 10);
    assert.equal(seenAt(sightings, 5), 50);
  });

  it('is when a later one was shown that took its place', () => {
    assert.equal(seenAt(sightings, 2), 40);
  });

  it('is never, when nothing as new was shown', () => {
    assert.equal(seenAt(sightings, 6), undefined);
    assert.equal(seenAt([], 1), undefined);
  });
});
