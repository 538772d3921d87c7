import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/base/kubeObject';
import { diffPersonas, joinDiffs } from '../../../src/persona/personaDiff';

function persona(fields: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name: 'eu', uid: '1', ...metadata },
    ...fields,
  };
}

const texts = (before: KubeObject, after: KubeObject): string[] =>
  diffPersonas(before, after).fields.map(
    ({ path, before: old = '∅', after: now = '∅' }) => `${path}: ${old} → ${now}`,
  );

describe('the difference between two states of a persona', () => {
  it('names each field that differs, the most telling first', () => {
    const before = persona({
      spec: { environment: 'staging' },
      status: { kubernetesVersion: 'v1', phase: 'Ready', addons: [{ name: 'argocd', version: '1' }] },
    });
    const after = persona({
      spec: { environment: 'production' },
      status: { kubernetesVersion: 'v2', phase: 'Degraded', addons: [{ name: 'argocd', version: '2' }] },
    });
    assert.deepEqual(texts(before, after), [
      'status.phase: Ready → Degraded',
      'status.addons[argocd].version: 1 → 2',
      'spec.environment: staging → production',
      'status.kubernetesVersion: v1 → v2',
    ]);
  });

  it('names the first label as each that follows, and takes an empty text for none', () => {
    const before = persona({ status: { conditions: [{ type: 'Healthy', message: '', reason: 'a' }] } });
    const after = persona(
      { status: { conditions: [{ type: 'Healthy', message: 'down', reason: '' }] } },
      { labels: { tier: 'gold' } },
    );
    assert.deepEqual(texts(before, after), [
      'status.conditions[Healthy].message: ∅ → down',
      'status.conditions[Healthy].reason: a → ∅',
      'metadata.labels.tier: ∅ → gold',
    ]);
    assert.deepEqual(texts(persona({ spec: { name: '' } }), persona({ spec: {} })), []);
  });

  it('shows characters that nobody sees as such', () => {
    const before = persona({ spec: { name: 'a' } });
    assert.deepEqual(texts(before, persona({ spec: { name: '\u202Eb\u0000' } })), [
      'spec.name: a → \uFFFDb\uFFFD',
    ]);
  });

  it('matches nodes, add-ons and conditions by name or type, wherever they stand', () => {
    const before = persona({
      status: {
        nodes: [
          { name: 'a', ready: true },
          { name: 'b', ready: true },
        ],
        conditions: [{ type: 'Healthy', status: 'True' }],
      },
    });
    const after = persona({
      status: {
        nodes: [
          { name: 'c', ready: true },
          { name: 'b', ready: false },
        ],
        conditions: [
          { type: 'Discovered', status: 'True' },
          { type: 'Healthy', status: 'False' },
        ],
      },
    });
    assert.deepEqual(texts(before, after), [
      'status.nodes[a]: {"name":"a","ready":true} → ∅',
      'status.nodes[b].ready: true → false',
      'status.nodes[c]: ∅ → {"name":"c","ready":true}',
      'status.conditions[Healthy].status: True → False',
      'status.conditions[Discovered]: ∅ → {"type":"Discovered","status":"True"}',
    ]);
  });

  it('leaves out instants, heartbeats, readings, versions and what kubectl keeps', () => {
    const at = (second: number): KubeObject =>
      persona(
        {
          status: {
            lastDiscovery: `2026-01-01T00:00:0${second}Z`,
            heartbeat: second,
            conditions: [{ type: 'Healthy', lastTransitionTime: `2026-01-01T00:00:0${second}.5+02:00` }],
            resourceSummary: { usedCPU: String(second), runningPods: second },
          },
        },
        {
          resourceVersion: String(second),
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': String(second) },
        },
      );
    assert.deepEqual(texts(at(1), at(2)), []);
    assert.deepEqual(
      texts(persona({ status: {} }), persona({ status: { lastDiscovery: '2026-01-01T00:00:00Z' } })),
      [],
    );
  });

  it('compares labels, annotations, plain lists and fields of a later version', () => {
    const before = persona({ future: 1, spec: { policies: ['a', 'b'] } }, { labels: { tier: 'gold' } });
    const after = persona({ future: [1], spec: { policies: ['a'] } }, { annotations: { note: 'x' } });
    assert.deepEqual(texts(before, after), [
      'spec.policies: a, b → a',
      'metadata.labels.tier: gold → ∅',
      'metadata.annotations.note: ∅ → x',
      'future: 1 → 1',
    ]);
  });

  it('falls back to the whole list where names are missing or not unique', () => {
    const of = (ready: boolean): KubeObject =>
      persona({ status: { nodes: [{ name: 'a' }, { name: 'a', ready }] } });
    const { fields } = diffPersonas(of(true), of(false));
    assert.deepEqual(
      fields.map(({ path }) => path),
      ['status.nodes'],
    );
  });

  it('survives what no API server would send, and names of Object.prototype', () => {
    const odd: KubeObject = JSON.parse(
      '{"metadata":{"name":"eu","labels":null},"spec":{"__proto__":{"a":1},"constructor":"x"},"status":[null,{"name":7}]}',
    );
    assert.doesNotThrow(() => diffPersonas(odd, persona({ spec: null, status: 'x' })));
    assert.deepEqual(texts(odd, odd), []);
    let deep: unknown = 1;
    for (let depth = 0; depth < 500; depth += 1) {
      deep = { deep };
    }
    assert.equal(diffPersonas(persona({ spec: deep }), persona({ spec: { deep } })).fields.length, 1);
    const nested = (depth: number, inner: string): unknown =>
      JSON.parse(`${'['.repeat(depth)}${inner}${']'.repeat(depth)}`);
    assert.equal(diffPersonas(persona({ spec: nested(50_000, '1') }), persona({ spec: 1 })).fields.length, 1);
  });

  it('takes no name of Object.prototype for a value that was there', () => {
    const labelled = persona(
      {},
      { labels: JSON.parse('{"constructor":"x","__proto__":"y"}'), annotations: { valueOf: 'z' } },
    );
    const bare = persona({}, { labels: {}, annotations: {} });
    assert.deepEqual(texts(bare, labelled), [
      'metadata.labels.constructor: ∅ → x',
      'metadata.labels.__proto__: ∅ → y',
      'metadata.annotations.valueOf: ∅ → z',
    ]);
    assert.deepEqual(texts(labelled, bare), [
      'metadata.labels.constructor: x → ∅',
      'metadata.labels.__proto__: y → ∅',
      'metadata.annotations.valueOf: z → ∅',
    ]);
  });

  it('does not take an add-on for a heartbeat because of its name', () => {
    const version = (text: string): KubeObject =>
      persona({ status: { addons: [{ name: 'heartbeat', version: text, lastHeartbeat: text }] } });
    assert.deepEqual(texts(version('8.1'), version('8.2')), ['status.addons[heartbeat].version: 8.1 → 8.2']);
  });

  it('is bounded where the names of fields are long, and so many lie below one that each would repeat it', () => {
    const many = (value: number): KubeObject => {
      const below = Object.fromEntries(Array.from({ length: 20_000 }, (_, place) => [`f${place}`, value]));
      return persona({ spec: { ['k'.repeat(500_000)]: below } });
    };
    const { fields } = diffPersonas(many(1), many(2));
    assert.equal(fields.length, 1);
    assert.ok(fields.every(({ path }) => path.length <= 501));
  });

  it('is bounded in fields and in the length of each', () => {
    const many = (value: string): KubeObject =>
      persona({ spec: Object.fromEntries(Array.from({ length: 120 }, (_, place) => [`f${place}`, value])) });
    const { fields, more } = diffPersonas(many('a'), many('b'.repeat(100_000)));
    assert.equal(fields.length, 50);
    assert.equal(more, 70);
    assert.ok(fields.every(({ after = '' }) => after.length <= 201));
  });
});

describe('two differences that follow each other', () => {
  const change = (path: string, before?: string, after?: string) => ({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
  const diff = (...fields: ReturnType<typeof change>[]) => ({ fields, more: 0 });

  it('are from the first state to the last', () => {
    assert.deepEqual(
      joinDiffs(
        diff(change('a', '1', '2'), change('b', undefined, 'x')),
        diff(change('a', '2', '3'), change('c', '0')),
      ).fields,
      [change('a', '1', '3'), change('b', undefined, 'x'), change('c', '0')],
    );
  });

  it('are nothing where a field came back to what it was', () => {
    assert.deepEqual(joinDiffs(diff(change('a', '1', '2')), diff(change('a', '2', '1'))).fields, []);
    assert.deepEqual(
      joinDiffs(diff(change('a', undefined, '2')), diff(change('a', '2', undefined))).fields,
      [],
    );
  });

  it('say nothing of what was below an element that is gone, or is another one', () => {
    const ready = change('nodes[a].ready', 'true', 'false');
    const other = change('nodes[ab].ready', 'true', 'false');
    const gone = change('nodes[a]', '{}');
    assert.deepEqual(joinDiffs(diff(ready, other), diff(gone)).fields, [other, gone]);
    const come = change('nodes[a]', undefined, '{}');
    assert.deepEqual(joinDiffs(joinDiffs(diff(come), diff(ready)), diff(gone)).fields, []);
  });

  it('tell nothing of the parts of what was not there before', () => {
    const added = diff(change('status.nodes[a]', undefined, '{}'));
    assert.deepEqual(joinDiffs(added, diff(change('status.nodes[a].ready', 'true', 'false'))).fields, [
      change('status.nodes[a]', undefined, '{}'),
    ]);
    assert.equal(joinDiffs(added, diff(change('status.nodes[ab].ready', 'true', 'false'))).fields.length, 2);
  });

  it('do not take two cut texts for equal', () => {
    assert.equal(joinDiffs(diff(change('a', 'x…', 'y')), diff(change('a', 'y', 'x…'))).fields.length, 1);
  });
});
