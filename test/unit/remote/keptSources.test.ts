import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { Hub } from '../../../src/hub/hub';
import type { SourceDefinition } from '../../../src/hub/source';
import { KeptSources } from '../../../src/remote/keptSources';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';

function definition(id: string, label: string): SourceDefinition {
  return { id, kind: 'hub', label, place: 'a hub', open: () => new Promise(() => {}) };
}

describe('The sources of a hub that are kept in another one', () => {
  let hub: Hub;
  const warnings: string[] = [];
  const logger = { ...nullLogger, warn: (message: string) => warnings.push(message) };

  beforeEach(() => {
    hub = new Hub({ clock: new FakeClock(), random: { next: () => 0.5 }, logger: nullLogger });
    warnings.length = 0;
  });

  afterEach(() => hub.dispose());

  trackLeaks();

  const held = (): string[] =>
    hub
      .sources()
      .map((source) => source.status())
      .map((status) => `${status.source} ${status.label}`)
      .toSorted();

  it('come and go with those that the hub has, and are made anew under another label', () => {
    const kept = new KeptSources(hub, logger);
    kept.keep([definition('x', 'one'), definition('y', 'two')]);
    assert.deepEqual(held(), ['x one', 'y two']);
    const before = hub.source('x');
    kept.keep([definition('x', 'one'), definition('y', 'other'), definition('z', 'three')]);
    assert.deepEqual(held(), ['x one', 'y other', 'z three']);
    assert.equal(hub.source('x'), before);
    kept.keep([]);
    assert.deepEqual(held(), []);
  });

  it('neither replace nor take away a source of somebody else that has the id of one of them', () => {
    hub.addSource(definition('x', 'mine'));
    const kept = new KeptSources(hub, logger);
    kept.keep([definition('x', 'forged'), definition('y', 'other')]);
    assert.deepEqual(held(), ['x mine', 'y other'], 'the others are kept all the same');
    assert.deepEqual(kept.ids, ['y']);
    kept.keep([definition('x', 'forged again'), definition('y', 'other')]);
    assert.deepEqual(warnings, ['forged of a hub is left out: another source has the same id'], 'said once');
    kept.keep([]);
    assert.deepEqual(held(), ['x mine']);
  });

  it('have the id once nobody else has it any more', () => {
    hub.addSource(definition('x', 'mine'));
    const kept = new KeptSources(hub, nullLogger);
    kept.keep([definition('x', 'theirs')]);
    hub.removeSource('x');
    kept.keep([definition('x', 'theirs')]);
    assert.deepEqual(held(), ['x theirs']);
    kept.keep([]);
    assert.deepEqual(held(), []);
  });
});
