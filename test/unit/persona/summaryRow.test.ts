import assert from 'node:assert/strict';
import { decode } from '../../../src/protocol/messages';
import { summaryRowSchema } from '../../../src/protocol/summaryRow';
import { decodePersona } from '../../../src/persona/clusterPersona';
import { MAX_ROW_BYTES, toSummaryRow } from '../../../src/persona/summaryRow';

const SOURCE = 'a1b2c3d4e5f60718';

function persona(name: string, displayName: string, kubernetesVersion = 'v1.34.2-eks-3025e55') {
  return decodePersona({
    metadata: { name },
    spec: { name: displayName, environment: 'production' },
    status: {
      phase: 'Degraded',
      nodes: [
        { name: 'a', ready: true },
        { name: 'b', ready: false },
      ],
      addons: [
        { name: 'argocd', installed: true, healthy: true },
        { name: 'ingress-nginx', installed: true, healthy: false },
        { name: 'flux', installed: false },
      ],
      applicationCount: 47,
      kubernetesVersion,
    },
  });
}

function bytes(row: unknown): number {
  return Buffer.byteLength(JSON.stringify(row));
}

describe('toSummaryRow', () => {
  it('says what a list needs', () => {
    assert.deepEqual(toSummaryRow(SOURCE, persona('eu-west-1', 'EU West')), {
      source: SOURCE,
      name: 'eu-west-1',
      displayName: 'EU West',
      environment: 'production',
      phase: 'Degraded',
      health: 'warning',
      nodesReady: 1,
      nodesTotal: 2,
      addonsInstalled: 2,
      addonsUnhealthy: 1,
      applications: 47,
      kubernetesVersion: 'v1.34.2-eks-3025e55',
    });
  });

  it('leaves out what is unknown and a display name that says nothing new', () => {
    const row = toSummaryRow(SOURCE, decodePersona({ metadata: { name: 'new' }, spec: { name: 'new' } }));
    assert.deepEqual(row, { source: SOURCE, name: 'new', phase: 'NotDiscovered', health: 'unknown' });
  });

  it('stays within its bytes however long the texts are', () => {
    const names = ['c', 'a-cluster-of-an-ordinary-length', 'n'.repeat(63), 'n'.repeat(120), 'n'.repeat(200)];
    const labels = [
      'x',
      'A label '.repeat(40),
      'ü'.repeat(90),
      '🚀'.repeat(60),
      '"\\'.repeat(80),
      '\u0001'.repeat(70),
      'y'.repeat(1e6),
    ];
    for (const name of names) {
      for (const label of labels) {
        for (const version of ['v1.34.2', 'v'.repeat(5000), '版'.repeat(40)]) {
          const row = toSummaryRow(SOURCE, persona(name, label, version));
          assert.ok(
            bytes(row) <= MAX_ROW_BYTES,
            `${bytes(row)} bytes for ${name.length}, ${label.slice(0, 3)}`,
          );
          assert.equal(row.name, name);
          assert.ok(decode(summaryRowSchema, row).ok);
        }
      }
    }
  });

  it('cuts a long display name at its end and between characters', () => {
    const row = toSummaryRow(SOURCE, persona('eu-west-1', '🚀'.repeat(90)));
    assert.match(row.displayName ?? '', /^(?:🚀){8,}…$/u);
    assert.ok(bytes(row) > MAX_ROW_BYTES - 8, 'no more than needed is cut');
  });

  it('never cuts the name, which is the identity', () => {
    const name = 'n'.repeat(253);
    assert.deepEqual(toSummaryRow(SOURCE, persona(name, 'label')), {
      source: SOURCE,
      name,
      phase: 'Degraded',
      health: 'warning',
    });
  });
});
