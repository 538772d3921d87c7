import assert from 'node:assert/strict';
import { isValidElement, type ReactNode } from 'react';
import { decodePersona } from '../../../../src/persona/clusterPersona';
import { AddonsCard } from '../../../../webview/detail/AddonsCard';
import { Picker } from '../../../../webview/logs/Picker';
import { FactList } from '../../../../webview/ui/FactList';
import { withKeys } from '../../../../webview/ui/withKeys';

/** The keys of each list in what a component returned; what other components make of it is not looked at. */
function keysIn(node: ReactNode): readonly (readonly (string | null)[])[] {
  if (Array.isArray(node)) {
    const elements = node.filter((part) => isValidElement(part));
    const keys = elements.map(({ key }) => key).filter((key) => key !== null);
    return [keys, ...node.flatMap((part: ReactNode) => keysIn(part))];
  }
  return isValidElement<{ readonly children?: ReactNode }>(node) ? keysIn(node.props.children) : [];
}

function assertUnique(node: ReactNode, count: number): void {
  const lists = keysIn(node);
  assert.ok(
    lists.some((keys) => keys.length === count),
    'the list is looked at',
  );
  for (const keys of lists) {
    assert.equal(new Set(keys).size, keys.length, keys.join());
  }
}

describe('withKeys', () => {
  it('tells things of one name apart, also from one that is called like a number of them', () => {
    const keys = withKeys(['a', 'a', 'a 1', '1 a', 'a'], (name) => name).map(({ key }) => key);
    assert.equal(new Set(keys).size, 5, keys.join());
  });

  it('keeps the key of a name whatever else there is', () => {
    const keyOfB = (names: readonly string[]): string | undefined =>
      withKeys(names, (name) => name).find(({ item }) => item === 'b')?.key;
    assert.equal(keyOfB(['a', 'a', 'b']), keyOfB(['b', 'c']));
  });
});

describe('lists of what a cluster names twice', () => {
  it('have keys of their own: facts', () => {
    const fact = { label: 'Healthy', value: 'True' };
    assertUnique(FactList({ facts: [fact, fact, { label: 'Healthy 1', value: 'False' }] }), 3);
  });

  it('have keys of their own: add-ons', () => {
    const addon = { name: 'flux', namespace: 'flux-system', installed: true };
    const persona = decodePersona({ metadata: { name: 'eu' }, status: { addons: [addon, addon] } });
    assertUnique(AddonsCard({ source: 's', persona, onOpenTab: () => undefined }), 2);
  });

  it('have keys of their own: choices', () => {
    const option = { value: 'web-0', label: 'web-0' };
    const picker = Picker({
      label: 'Pod',
      value: 'web-0',
      options: [option, option],
      onPick: () => undefined,
    });
    assertUnique(picker, 2);
  });
});
