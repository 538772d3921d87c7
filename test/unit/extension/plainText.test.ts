import assert from 'node:assert/strict';
import { asTarget } from '../../../src/extension/commandTarget';
import { plainLabel, plainText } from '../../../src/extension/plainText';

describe('Text from a cluster in a notification', () => {
  it('makes no link', () => {
    const text = plainText('an [offer](command:workbench.action.quit) for you');
    assert.doesNotMatch(text, /\[[^\]]*\]\(/);
    assert.match(text, /offer/);
  });
});

describe('Text from a cluster in a pick list', () => {
  it('draws no icon', () => {
    assert.equal(plainLabel('$(bug) two'), String.raw`\$(bug) two`);
  });
});

describe('The argument of a command', () => {
  it('is refused when it is not about a source', () => {
    for (const argument of [undefined, null, 7, 'text', {}, { source: 5 }]) {
      assert.equal(asTarget(argument), undefined);
    }
  });

  it('names the add-on of a row of the tree, or of a view', () => {
    const row = asTarget({ type: 'item', source: 'a', name: 'one', group: 'addons', item: 'loki' });
    const view = asTarget({ source: 'a', name: 'one', addon: 'loki' });
    assert.deepEqual([row?.addon, view?.addon], ['loki', 'loki']);
    assert.equal(asTarget({ source: 'a', name: 'one', group: 'nodes', item: 'n1' })?.addon, undefined);
  });
});
