import assert from 'node:assert/strict';
import { ChunkJoiner } from '../../../src/demo/apiServer/chunkJoiner';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

describe('The joiner of chunks', () => {
  const [one, two, three] = [encoder.encode('one,'), encoder.encode('two,'), encoder.encode('three')];

  it('joins text and bytes in their order', () => {
    const joined = new ChunkJoiner().join(['Größe,', one, 'x,', three]);
    assert.equal(decoder.decode(joined), 'Größe,one,x,three');
  });

  it('makes the same of the same bytes only once', () => {
    const joiner = new ChunkJoiner();
    const joined = joiner.join([one, two]);
    assert.equal(joiner.join([one, two]), joined);
    assert.equal(decoder.decode(joined), 'one,two,');
  });

  it('does not take others for the same', () => {
    const joiner = new ChunkJoiner();
    joiner.join([one, two]);
    assert.equal(decoder.decode(joiner.join([one, three])), 'one,three');
    assert.equal(decoder.decode(joiner.join([one, three, two])), 'one,threetwo,');
    assert.equal(decoder.decode(joiner.join([two, one])), 'two,one,');
  });

  it('hands on a single piece as it is', () => {
    assert.equal(new ChunkJoiner().join([one]), one);
  });
});
