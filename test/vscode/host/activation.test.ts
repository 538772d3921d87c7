import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Bundles of the extension that this extension host has loaded, by their names, but for the reader of kubeconfigs: it comes right after. */
function loadedBundles(extension: vscode.Extension<unknown>): string[] {
  const folder = vscode.Uri.joinPath(extension.extensionUri, 'dist').fsPath;
  return Object.keys(require.cache)
    .filter((file) => file.startsWith(folder))
    .map((file) => file.slice(folder.length + 1))
    .filter((file) => !file.startsWith('test') && file !== 'kubeconfigs.js');
}

describe('The extension', () => {
  let extension: vscode.Extension<unknown>;

  before(async () => {
    const found = vscode.extensions.getExtension('clusterpersona.clusterpersona');
    assert.ok(found !== undefined, 'VS Code knows the extension');
    extension = found;
    await extension.activate();
  });

  it('is activated without loading what is needed later alone', () => {
    assert.deepEqual(loadedBundles(extension), ['extension.js']);
  });

  it('loads the demo cluster when it is started, and still nothing else', async () => {
    await vscode.commands.executeCommand('clusterpersona.startDemo');
    const deadline = Date.now() + 10_000;
    while (!loadedBundles(extension).includes('informer.js') && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(loadedBundles(extension).toSorted(), ['demo.js', 'extension.js', 'informer.js']);
    await vscode.commands.executeCommand('clusterpersona.stopDemo');
  });

  it('registers every command of its manifest', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest: { contributes: { commands: { command: string }[] } } = extension.packageJSON;
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('lets no workspace set paths, what is connected or what the demo cluster plays', () => {
    const manifest: {
      contributes: { configuration: readonly { properties: Readonly<Record<string, { scope: string }>> }[] };
    } = extension.packageJSON;
    const scopes = new Map(
      manifest.contributes.configuration.flatMap(({ properties }) =>
        Object.entries(properties).map(([name, { scope }]) => [name, scope]),
      ),
    );
    assert.equal(scopes.get('clusterpersona.kubeconfigs'), 'machine');
    assert.equal(scopes.get('clusterpersona.connectOnStart'), 'machine');
    assert.equal(scopes.get('clusterpersona.demo.scene'), 'machine');
  });
});
