import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settings } from '../../../src/extension/settings';

const configuration = () => vscode.workspace.getConfiguration('clusterpersona');

describe('The setting that names hubs', () => {
  afterEach(() => configuration().update('hubs', undefined, vscode.ConfigurationTarget.Global));

  it('keeps what cannot be used, for the user to mend, when a hub is added or removed', async () => {
    const misspelt = 'htps://staging.example.com';
    await configuration().update('hubs', [misspelt], vscode.ConfigurationTarget.Global);
    await settings.addHub('https://localhost:9');
    assert.deepEqual(configuration().get('hubs'), [misspelt, 'https://localhost:9']);
    await settings.removeHub('https://localhost:9');
    assert.deepEqual(configuration().get('hubs'), [misspelt]);
  });

  it('loses a hub however its address was written', async () => {
    await configuration().update('hubs', ['https://LOCALHOST:9/'], vscode.ConfigurationTarget.Global);
    await settings.removeHub('https://localhost:9');
    assert.equal(configuration().inspect('hubs')?.globalValue, undefined);
  });
});
