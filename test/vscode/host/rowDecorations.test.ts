import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { systemRandom } from '../../../src/base/random';
import { RowDecorations, rowUri } from '../../../src/extension/tree/rowDecorations';
import { Hub } from '../../../src/hub/hub';
import { FaultServer } from '../../support/faultServer/faultServer';
import { until } from '../../support/testbed/until';

const ILL = {
  status: {
    phase: 'Ready',
    nodes: [
      { name: 'a', ready: true },
      { name: 'b', ready: false },
    ],
  },
};
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('The marks of rows with alerts', () => {
  const owned = new DisposableStore();
  afterEach(() => owned.clear());

  it('count the alerts of a cluster and of its source, in the colour of the worst while it is live', async () => {
    const server = new FaultServer();
    const name = 'a/b %2F \uD800';
    server.put(name, ILL);
    server.put('well', { status: { phase: 'Ready' } });
    const hub = owned.add(new Hub({ clock: systemClock, random: systemRandom, logger: quiet }));
    const rows = owned.add(new RowDecorations(hub, systemClock));
    const told: (vscode.Uri[] | undefined)[] = [];
    owned.add(rows.onDidChangeFileDecorations((uris) => told.push(uris)));
    const source = hub.addSource({
      id: 's.1/x',
      kind: 'kubeconfig',
      label: 's',
      open: () => Promise.resolve({ fetch: server.fetch, dispose: () => {} }),
    });
    source.connect();
    const marked = (uri: vscode.Uri) => rows.provideFileDecoration(uri);
    await until('The row is marked', () => Promise.resolve(marked(rowUri({ source: source.id, name }))), {
      deadlineMs: 10_000,
    });
    await until('Everybody is told', () => Promise.resolve(told.length > 0 || undefined), {
      deadlineMs: 10_000,
    });
    for (const uri of [rowUri({ source: source.id, name }), rowUri({ source: source.id })]) {
      const decoration = marked(uri);
      assert.equal(decoration?.badge, '1');
      assert.equal(decoration.tooltip, '1 alert');
      assert.deepEqual(decoration.color, new vscode.ThemeColor('list.warningForeground'));
    }
    assert.equal(marked(rowUri({ source: source.id, name: 'well' })), undefined);
    assert.equal(marked(vscode.Uri.file('/s.1/x')), undefined);
    const tellings = told.length;
    server.isDown = true;
    server.cutWatches();
    await until(
      'Everybody is told that nobody knows',
      () => Promise.resolve(told.length > tellings || undefined),
      {
        deadlineMs: 20_000,
      },
    );
    assert.equal(told.at(-1), undefined);
    assert.equal(marked(rowUri({ source: source.id, name }))?.badge, '1');
    assert.equal(marked(rowUri({ source: source.id, name }))?.color, undefined);
    source.disconnect();
    assert.equal(marked(rowUri({ source: source.id, name })), undefined);
    assert.equal(marked(rowUri({ source: source.id })), undefined);
  }).timeout(40_000);
});
