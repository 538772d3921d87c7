import assert from 'node:assert/strict';
import { decodePersona } from '../../../../src/persona/clusterPersona';
import { toSummaryRow } from '../../../../src/persona/summaryRow';
import { trackLeaks } from '../../../support/leakTracker';
import { showDetail } from './detailFixture';

const TABS = ['overview', 'nodes', 'addons', 'conditions'] as const;

/** What the view shows, and what it says on hover. */
function textsOf({ html, text }: ReturnType<typeof showDetail>): readonly string[] {
  return [text, ...[...html.matchAll(/ title="([^"]*)"/g)].map(([, title = '']) => title)];
}

/** Decodes it and draws every tab; none may say what only a program would. */
function draw(object: Record<string, unknown>): string {
  const row = JSON.stringify(toSummaryRow('s', decodePersona(object)));
  const shown = TABS.map((tab) => showDetail({ object, tab }));
  for (const text of [row, ...shown.flatMap(textsOf)]) {
    assert.doesNotMatch(text, /\bNaN\b|\bInfinity\b|∞|\bundefined\b|\[object|Invalid Date/);
    assert.doesNotMatch(text, /(?:^|\s)-[\d.,]+/, 'nothing is less than none, and none has no sign');
  }
  assert.doesNotMatch(shown.map(({ html }) => html).join('\n'), /="(?:NaN|Infinity|undefined|\[object)/);
  assert.ok(Buffer.byteLength(row) < 2_000, `a row of ${row.length} bytes`);
  return shown.map(({ text }) => text).join('\n');
}

function persona(status: unknown, spec: unknown = { name: 'eu' }): Record<string, unknown> {
  return { apiVersion: 'dorgu.io/v1', kind: 'ClusterPersona', metadata: { name: 'eu' }, spec, status };
}

describe('detail panel, hostile but legal data', () => {
  trackLeaks();

  const QUANTITIES = [
    '1e999',
    '-5Gi',
    'NaN',
    'Infinity',
    '1E+30',
    '0.0000001',
    '999999999999999999999Ei',
    '1e-400',
    '0x10',
    ' 5',
    '5 Gi',
    '٣Gi',
    '',
    '-0',
    '-0.0Gi',
    '-1e-400',
    '4.9E-324',
    '9223372036854775807',
    '1'.repeat(5_000),
  ];
  for (const quantity of QUANTITIES) {
    it(`a quantity of ${JSON.stringify(quantity.slice(0, 24))}`, () => {
      const amounts = { cpu: quantity, memory: quantity, pods: quantity, ephemeralStorage: quantity };
      draw(
        persona({
          phase: 'Ready',
          nodes: [{ name: 'a', ready: true, capacity: amounts, allocatable: amounts }],
          resourceSummary: {
            totalCPU: quantity,
            totalMemory: quantity,
            allocatableCPU: quantity,
            allocatableMemory: quantity,
            usedCPU: quantity,
            usedMemory: quantity,
            cpuUtilization: quantity,
            memoryUtilization: `${quantity}%`,
          },
        }),
      );
    });
  }

  it('a use of much where next to nothing is available', () => {
    const text = draw(
      persona({
        phase: 'Ready',
        resourceSummary: {
          allocatableCPU: '1e-320',
          usedCPU: '9E',
          allocatableMemory: '0',
          usedMemory: '9E',
          cpuUtilization: '',
        },
      }),
    );
    assert.match(text, /CPU &gt;999%/);
  });

  it('counts that are none', () => {
    for (const count of [-1, -0, 0.5, 1e300, '7', null, [], {}]) {
      draw(
        persona({
          phase: 'Ready',
          applicationCount: count,
          resourceSummary: { totalPods: count, runningPods: count },
          namespaces: { total: count, active: count, withPersonas: count },
        }),
      );
    }
  });

  it('lists, texts and maps in each other’s places', () => {
    for (const odd of ['text', 7, true, null, [], [null, 7, 'x', [], {}], {}, { name: 7 }]) {
      draw(persona(odd, odd));
      draw(
        persona(
          { phase: odd, nodes: odd, addons: odd, conditions: odd, lastDiscovery: odd, resourceSummary: odd },
          {
            name: odd,
            environment: odd,
            policies: odd,
            conventions: odd,
            defaults: odd,
            resourceQuotas: odd,
          },
        ),
      );
    }
  });

  it('times that are none, that no clock tells yet, and from before all clusters', () => {
    for (const time of [
      'yesterday',
      '0000-00-00T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
      '+275760-09-13T00:00:00Z',
      '-271821-04-20T00:00:00Z',
      '2026-02-30T25:61:61Z',
      '1e999',
      1e300,
      -1,
    ]) {
      draw({
        ...persona({
          phase: 'Ready',
          lastDiscovery: time,
          conditions: [{ type: 'Healthy', status: 'True', lastTransitionTime: time }],
        }),
        metadata: { name: 'eu', creationTimestamp: time, deletionTimestamp: time },
      });
    }
  });

  it('metadata that is not what it should be', () => {
    for (const odd of [
      'text',
      7,
      true,
      null,
      [],
      {},
      [null, 'x'],
      { a: {} },
      JSON.parse('{"__proto__":{"a":1}}'),
    ]) {
      draw({ ...persona({ phase: 'Ready' }), metadata: odd });
      draw({
        ...persona({ phase: 'Ready', nodes: [{ name: 'a', labels: odd, taints: odd, role: odd }] }),
        metadata: { name: odd, uid: odd, labels: odd, annotations: odd, creationTimestamp: odd },
      });
    }
  });

  it('names of Object.prototype, control characters, texts from right to left, and endless names', () => {
    const names = [
      '__proto__',
      'constructor',
      'a\u0000b\u001b[31m',
      '\u202Egnp.exe',
      'x'.repeat(10_000),
      '<b>&',
    ];
    const object: Record<string, unknown> = JSON.parse(
      JSON.stringify(
        persona(
          {
            phase: 'Ready',
            nodes: names.map((name) => ({ name, role: name, ready: false, taints: [name] })),
            addons: names.map((name) => ({ name, installed: true, version: name, namespace: name })),
            conditions: names.map((name) => ({ type: name, status: 'False', reason: name, message: name })),
          },
          { name: names[4], description: names.join(' ') },
        ),
      ).replace('"phase":', '"__proto__":{"polluted":1},"phase":'),
    );
    const text = draw(object);
    assert.match(text, /&lt;b&gt;&amp;/);
    assert.match(text, /a\uFFFDb\uFFFD\[31m/);
    assert.match(text, /\uFFFDgnp\.exe/);
    assert.doesNotMatch(text, /\u202E/);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('a status of a megabyte: thousands of nodes, conditions and add-ons, and messages without end', () => {
    const many = Array.from({ length: 5_000 }, (_, place) => place);
    const text = draw(
      persona({
        phase: 'Degraded',
        nodes: many.map((place) => ({
          name: `node-${place}`,
          ready: place % 3 > 0,
          labels: { place: `${place}` },
        })),
        addons: many.map((place) => ({ name: `addon-${place}`, installed: true, healthy: place % 2 > 0 })),
        conditions: many.map((place) => ({
          type: `Condition${place}`,
          status: 'Unknown',
          message: 'm'.repeat(200),
        })),
        platform: 'p'.repeat(200_000),
      }),
    );
    assert.match(text, /Showing 200 of 5,000/);
    assert.match(text, /Show all 5,000/);
    const shown = text.match(/\bCondition\d+\b/g) ?? [];
    assert.ok(shown.length < 250, `${shown.length} conditions in an overview and a page of a table`);
  });

  it('an overview stays one for a glance, however much there is', () => {
    const many = Array.from({ length: 5_000 }, (_, place) => place);
    const object = persona({
      phase: 'Degraded',
      nodes: many.map((place) => ({ name: `node-${place}`, ready: true })),
      addons: many.map((place) => ({ name: `addon-${place}`, installed: place < 100 })),
      conditions: [
        ...many.map((place) => ({ type: `Condition${place}`, status: 'True' })),
        ...many.map(() => ({ type: 'Healthy', status: 'False' })),
        { type: 'Discovered', status: 'False' },
      ],
    });
    const { html, text } = showDetail({ object });
    assert.ok(html.length < 50_000, `${html.length} characters`);
    assert.match(text, /Degraded · condition Healthy is False · condition Discovered is False live/);
    assert.match(text, /Conditions Discovered False .* Show all 10,001/, 'the worst is seen at a glance');
    assert.match(text, /Show all 100 Not installed: addon-100, .*, addon-111 and 4,888 more/);
  });
});
