import assert from 'node:assert/strict';
import { PersonaViews } from '../../../src/hub/personaViews';
import { sampleSpec, sampleStatus } from '../../support/samples/samplePersona';

function persona(name: string, phase: 'Ready' | 'Degraded') {
  const status = sampleStatus({ phase, nodes: 4, notReady: 0, ingressNamespace: 'ingress' });
  return { metadata: { name }, spec: sampleSpec(name), status };
}

describe('what is derived from objects', () => {
  it('is made once an object, however often it is asked for', () => {
    const views = new PersonaViews('s');
    const object = persona('eu', 'Ready');
    assert.equal(views.row(object), views.row(object));
    assert.equal(views.persona(object), views.persona(object));
    assert.deepEqual(
      [views.row(object).source, views.row(object).name, views.row(object).nodesTotal],
      ['s', 'eu', 4],
    );
    const replaced = persona('eu', 'Degraded');
    assert.notEqual(views.row(replaced), views.row(object));
    assert.equal(views.row(replaced).phase, 'Degraded');
  });

  it('calls for a look where the row says warning or error, and nowhere else', () => {
    const views = new PersonaViews('s');
    const unheardOf = { metadata: { name: 'new' } };
    const dead = {
      metadata: { name: 'dead' },
      status: { phase: 'Ready', nodes: [{ name: 'n', ready: false }] },
    };
    const objects = [persona('a', 'Ready'), persona('b', 'Degraded'), unheardOf, dead];
    assert.deepEqual(
      objects.map((object) => views.row(object).health),
      ['ok', 'warning', 'unknown', 'error'],
    );
    assert.deepEqual(
      objects.map((object) => views.isUnhealthy(object)),
      [false, true, false, true],
    );
  });
});
