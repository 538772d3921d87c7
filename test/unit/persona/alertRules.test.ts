import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { heldAlerts, MAX_SUBJECTS, type HeldAlert } from '../../../src/persona/alertRules';
import { decodePersona } from '../../../src/persona/clusterPersona';

const NOW = Date.UTC(2026, 0, 1);
const THRESHOLDS = { cpuPercent: 90, memoryPercent: 80, discoveryAgeMs: 60_000 };

function held(status: unknown, environment?: unknown, now = NOW): HeldAlert[] {
  const persona = decodePersona({ metadata: { name: 'c' }, spec: { environment }, status });
  return heldAlerts(persona, THRESHOLDS, now);
}

const said = (alerts: readonly HeldAlert[]): string[] =>
  alerts.map(({ rule, severity, subject, value }) =>
    [rule, severity, subject, value].filter((part) => part !== undefined).join(' '),
  );
const nodes = (...ready: readonly unknown[]) =>
  ready.map((value, place) => ({ name: `n${place}`, ready: value }));
const ago = (ms: number): string => new Date(NOW - ms).toISOString();

describe('the rules of alerts', () => {
  it('hold of nothing that is well or unknown', () => {
    for (const status of [
      undefined,
      null,
      'Degraded',
      {},
      { phase: 'Ready' },
      { phase: 'Discovering' },
      { phase: 'Hibernating' },
      { phase: 7, nodes: 'none', addons: {}, conditions: 3, lastDiscovery: 'yesterday' },
      { phase: 'Ready', nodes: [{ name: 'a' }, { name: 'b', ready: 'no' }, { ready: false }, null] },
      {
        phase: 'Ready',
        addons: [
          { name: 'x', installed: true },
          { name: 'y', installed: false, healthy: false },
        ],
      },
      { phase: 'Ready', resourceSummary: { cpuUtilization: 'much', usedMemory: '3Gi' } },
      { phase: 'Ready', resourceSummary: { cpuUtilization: '90%', memoryUtilization: '80' } },
      {
        phase: 'Ready',
        conditions: [
          { type: 'Healthy', status: 'Unknown' },
          { type: 'Paused', status: 'False' },
        ],
      },
    ]) {
      assert.deepEqual(held(status), [], JSON.stringify(status));
    }
  });

  it('tell what the operator reports, each node, add-on and condition, and what is used too much', () => {
    assert.deepEqual(
      said(
        held({
          phase: 'Degraded',
          nodes: nodes(true, false, undefined, false),
          addons: [
            { name: 'argocd', installed: true, healthy: false },
            { name: 'flux', healthy: false },
          ],
          conditions: [
            { type: 'Healthy', status: 'False' },
            { type: 'Discovered', status: 'False' },
          ],
          resourceSummary: { cpuUtilization: '91%', allocatableMemory: '10Gi', usedMemory: '9Gi' },
          lastDiscovery: ago(60_001),
        }),
      ),
      [
        'phaseDegraded warning',
        'nodeNotReady warning n1',
        'nodeNotReady warning n3',
        'addonUnhealthy warning argocd',
        'addonUnhealthy warning flux',
        'conditionFalse warning Healthy',
        'conditionFalse warning Discovered',
        'cpuHigh warning 91',
        'memoryHigh warning 90',
        'discoveryOld warning 60001',
      ],
    );
  });

  it('are critical where nobody can tell, no node is ready, or a production cluster is degraded; less in a sandbox', () => {
    const unknown = { phase: 'Unknown' };
    const down = { phase: 'Ready', nodes: nodes(false, false) };
    const degraded = { phase: 'Degraded' };
    const severities = (environment?: string) =>
      [unknown, down, degraded].map((status) => held(status, environment)[0]?.severity);
    assert.deepEqual(severities(), ['critical', 'critical', 'warning']);
    assert.deepEqual(severities('staging'), ['critical', 'critical', 'warning']);
    assert.deepEqual(severities('production'), ['critical', 'critical', 'critical']);
    assert.deepEqual(severities('sandbox'), ['warning', 'warning', 'info']);
    assert.deepEqual(severities('development'), ['warning', 'warning', 'info']);
    assert.deepEqual(severities('moon base'), ['critical', 'critical', 'warning']);
    // One that could not be read may be ready.
    assert.equal(held({ nodes: [...nodes(false), { ready: true }] })[0]?.severity, 'warning');
  });

  it('find no discovery old that is not, or that is in the future', () => {
    for (const lastDiscovery of [ago(60_000), ago(-3_600_000), 'soon', undefined]) {
      assert.deepEqual(held({ phase: 'Ready', lastDiscovery }), []);
    }
  });

  it('count what is too much to tell one by one, each name once', () => {
    const few = nodes(...Array.from({ length: MAX_SUBJECTS }, () => false));
    assert.equal(held({ nodes: [...few, ...few] }).length, MAX_SUBJECTS);
    const many = nodes(...Array.from({ length: 20_000 }, () => false));
    assert.deepEqual(held({ nodes: many }), [
      { rule: 'nodeNotReady', severity: 'critical', value: 20_000, isGroup: true },
    ]);
  });

  it('take names for what they are', () => {
    const hostile = ['constructor', '__proto__', 'a.b*/c', 'x'.repeat(100_000), ' '];
    const status = { nodes: hostile.map((name) => ({ name, ready: false })) };
    assert.deepEqual(
      held(status).map(({ subject }) => subject),
      hostile,
    );
  });

  it('throw at nothing, and are never many', () => {
    fc.assert(
      fc.property(
        fc.record({
          phase: fc.oneof(fc.constantFrom('Degraded', 'Unknown', 'Ready'), fc.anything()),
          nodes: fc.oneof(
            fc.array(fc.record({ name: fc.string(), ready: fc.boolean() }), { maxLength: 40 }),
            fc.anything(),
          ),
          addons: fc.anything(),
          conditions: fc.anything(),
          resourceSummary: fc.anything(),
          lastDiscovery: fc.oneof(fc.date().map(String), fc.anything()),
        }),
        fc.anything(),
        (status, environment) => {
          assert.ok(held(status, environment).length <= 3 * MAX_SUBJECTS + 4);
        },
      ),
    );
  });
});
