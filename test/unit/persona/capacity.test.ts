import assert from 'node:assert/strict';
import { capacityOf, type ClusterCapacity } from '../../../src/persona/capacity';
import { decodePersona } from '../../../src/persona/clusterPersona';

const GIB = 1024 ** 3;

function capacityOfStatus(status: unknown): ClusterCapacity {
  return capacityOf(decodePersona({ metadata: { name: 'c' }, status }));
}

describe('capacityOf', () => {
  it('prefers what the summary says', () => {
    const { cpu, memory, pods } = capacityOfStatus({
      resourceSummary: {
        totalCPU: '96',
        allocatableCPU: '94920m',
        usedCPU: '29425m',
        cpuUtilization: '31 %',
        totalMemory: '384Gi',
        allocatableMemory: '372Gi',
        usedMemory: '186Gi',
        totalPods: 1320,
        runningPods: 300,
      },
      nodes: [{ name: 'a', capacity: { cpu: '1', memory: '1Gi', pods: '1' } }],
    });
    assert.deepEqual(cpu, { total: 96, allocatable: 94.92, used: 29.425, utilizationPercent: 31 });
    assert.deepEqual(memory, {
      total: 384 * GIB,
      allocatable: 372 * GIB,
      used: 186 * GIB,
      utilizationPercent: 50,
    });
    assert.deepEqual(pods, { total: 1320, running: 300 });
  });

  it('adds up the nodes where the summary is silent', () => {
    const node = (name: string) => ({
      name,
      capacity: { cpu: '8', memory: '32Gi', pods: '110' },
      allocatable: { cpu: '7910m', memory: '31Gi' },
    });
    const { cpu, memory, pods } = capacityOfStatus({ nodes: [node('a'), node('b')] });
    assert.deepEqual(cpu, { total: 16, allocatable: 15.82, used: undefined, utilizationPercent: undefined });
    assert.equal(memory.allocatable, 62 * GIB);
    assert.deepEqual(pods, { total: 220, running: undefined });
  });

  it('adds up nothing where one node does not say enough', () => {
    const { cpu, memory } = capacityOfStatus({
      nodes: [
        { name: 'a', capacity: { cpu: '8', memory: '32Gi' } },
        { name: 'b', capacity: { cpu: 'lots', memory: '32Gi' } },
      ],
    });
    assert.equal(cpu.total, undefined);
    assert.equal(memory.total, 64 * GIB);
    const withUnreadable = capacityOfStatus({ nodes: [{ name: 'a', capacity: { cpu: '8' } }, {}] });
    assert.equal(withUnreadable.cpu.total, undefined);
  });

  it('is unknown before a discovery, not zero', () => {
    const unknown = {
      total: undefined,
      allocatable: undefined,
      used: undefined,
      utilizationPercent: undefined,
    };
    assert.deepEqual(capacityOfStatus(undefined).cpu, unknown);
    assert.deepEqual(capacityOfStatus({ phase: 'Ready', nodes: [] }).memory, unknown);
  });

  it('takes what nobody can have for unknown', () => {
    const { cpu, memory } = capacityOfStatus({
      resourceSummary: { totalCPU: '9'.repeat(300), totalMemory: '-5Gi', usedMemory: '1Gi' },
    });
    assert.equal(cpu.total, undefined);
    assert.deepEqual([memory.total, memory.utilizationPercent], [undefined, undefined]);
  });

  it('is no more than a number can be', () => {
    const { cpu } = capacityOfStatus({ resourceSummary: { allocatableCPU: '1e-320', usedCPU: '9E' } });
    assert.equal(cpu.utilizationPercent, Number.MAX_VALUE);
  });

  it('divides by nothing that is zero', () => {
    const { cpu } = capacityOfStatus({ resourceSummary: { totalCPU: '0', usedCPU: '1' } });
    assert.equal(cpu.utilizationPercent, undefined);
  });
});
