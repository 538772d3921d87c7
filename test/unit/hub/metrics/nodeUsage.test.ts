import assert from 'node:assert/strict';
import { usageOfPersonas } from '../../../../src/hub/metrics/nodeUsage';
import { TimeSlice } from '../../../../src/informer/timeSlice';
import { decodePersona } from '../../../../src/persona/clusterPersona';
import { BusyClock } from '../../../support/busyClock';
import { FakeClock } from '../../../support/fakeClock';

const NODES = Array.from({ length: 500 }, (_, place) => ({ name: `n${place}` }));
const MEASURED = NODES.map(({ name }) => ({ name, cpu: '1', memory: '1Gi' }));
const PERSONAS = NODES.map(({ name }) => {
  const persona = decodePersona({ metadata: { name: `of ${name}` }, status: { nodes: [{ name }] } });
  return [persona.name, persona] as const;
});

function find(signal: AbortSignal) {
  const fake = new FakeClock();
  const clock = new BusyClock(fake);
  const found = usageOfPersonas(PERSONAS, MEASURED, { nowMs: 0, slice: new TimeSlice(clock), signal });
  return { fake, clock, found };
}

describe('whose nodes were measured', () => {
  it('is found in slices, however many nodes and personas there are', async () => {
    const { fake, clock, found } = find(new AbortController().signal);
    await fake.advance(10);
    assert.equal((await found).length, 500);
    assert.ok(clock.turns >= 100, `${clock.turns} turns`);
  });

  it('is not looked for any more when nobody wants it', async () => {
    const abort = new AbortController();
    const { fake, clock, found } = find(abort.signal);
    abort.abort(new Error('nobody looks'));
    await assert.rejects(found, /nobody looks/);
    assert.equal(clock.turns, 1);
    assert.equal(fake.pendingTimers, 0);
  });
});
