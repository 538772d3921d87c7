import assert from 'node:assert/strict';
import { decodePersona } from '../../../src/persona/clusterPersona';
import { addonHealth, conditionHealth, nodeHealth, personaHealth } from '../../../src/persona/health';
import { countNodes } from '../../../src/persona/nodeCounts';

function healthOf(status: unknown): string {
  return personaHealth(decodePersona({ metadata: { name: 'c' }, spec: { name: 'c' }, status }));
}

describe('personaHealth', () => {
  it('is ok for a ready cluster that nothing contradicts', () => {
    assert.equal(healthOf({ phase: 'Ready', nodes: [{ name: 'a', ready: true }] }), 'ok');
    assert.equal(healthOf({ phase: 'Ready' }), 'ok');
  });

  it('warns of a degraded cluster', () => {
    assert.equal(healthOf({ phase: 'Degraded', nodes: [{ name: 'a', ready: true }] }), 'warning');
  });

  it('counts nodes itself, whatever the phase says', () => {
    const nodes = [
      { name: 'a', ready: true },
      { name: 'b', ready: false },
    ];
    assert.equal(healthOf({ phase: 'Ready', nodes }), 'warning');
    assert.equal(healthOf({ phase: 'Ready', nodes: [{ name: 'a', ready: false }] }), 'error');
    assert.equal(healthOf({ phase: 'Ready', nodes: [] }), 'ok');
  });

  it('warns of an unhealthy add-on and of a bad condition', () => {
    assert.equal(
      healthOf({ phase: 'Ready', addons: [{ name: 'x', installed: true, healthy: false }] }),
      'warning',
    );
    assert.equal(
      healthOf({ phase: 'Ready', addons: [{ name: 'x', installed: false, healthy: false }] }),
      'ok',
    );
    assert.equal(healthOf({ phase: 'Ready', conditions: [{ type: 'Healthy', status: 'False' }] }), 'warning');
    assert.equal(healthOf({ phase: 'Ready', conditions: [{ type: 'Paused', status: 'False' }] }), 'ok');
  });

  it('is an error where the operator reports that it cannot tell', () => {
    assert.equal(healthOf({ phase: 'Unknown', nodes: [{ name: 'a', ready: true }] }), 'error');
  });

  it('is unknown before a discovery and for a phase from the future', () => {
    assert.equal(healthOf(undefined), 'unknown');
    assert.equal(healthOf({ phase: 'Discovering' }), 'unknown');
    assert.equal(healthOf({ phase: 'Hibernating', nodes: [{ name: 'a', ready: true }] }), 'unknown');
  });
});

describe('health of the parts', () => {
  it('knows a node only by what it says', () => {
    assert.equal(nodeHealth({ name: 'a', ready: true }), 'ok');
    assert.equal(nodeHealth({ name: 'a', ready: false }), 'warning');
    assert.equal(nodeHealth({ name: 'a' }), 'unknown');
  });

  it('tells an add-on that is not installed from one of unknown health', () => {
    assert.equal(addonHealth({ name: 'a', installed: false }), 'notInstalled');
    assert.equal(addonHealth({ name: 'a', installed: true }), 'unknown');
    assert.equal(addonHealth({ name: 'a' }), 'unknown');
    assert.equal(addonHealth({ name: 'a', installed: true, healthy: true }), 'ok');
    assert.equal(addonHealth({ name: 'a', installed: true, healthy: false }), 'error');
  });

  it('judges only the conditions it knows', () => {
    assert.equal(conditionHealth({ type: 'Healthy', status: 'True' }), 'ok');
    assert.equal(conditionHealth({ type: 'Healthy', status: 'False' }), 'warning');
    assert.equal(conditionHealth({ type: 'Discovered', status: 'False' }), 'error');
    assert.equal(conditionHealth({ type: 'Discovered', status: 'Unknown' }), 'unknown');
    assert.equal(conditionHealth({ type: 'Healthy' }), 'unknown');
    assert.equal(conditionHealth({ type: 'MemoryPressure', status: 'False' }), 'unknown');
  });
});

describe('countNodes', () => {
  it('counts nodes it cannot read as unknown, never as ready', () => {
    const persona = decodePersona({
      status: {
        phase: 'Ready',
        nodes: [{ name: 'a', ready: true }, { name: 'b', ready: false }, { name: 'c' }, 5],
      },
    });
    assert.deepEqual(countNodes(persona), { ready: 1, notReady: 1, unknown: 2, total: 4 });
  });

  it('knows no number where there is no list', () => {
    assert.equal(countNodes(decodePersona({ status: { phase: 'Ready', nodes: 'many' } })), undefined);
    assert.equal(countNodes(decodePersona({})), undefined);
  });
});
