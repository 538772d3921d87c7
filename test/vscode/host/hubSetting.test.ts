import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settings } from '../../../src/extension/settings';

const configuration = () => vscode.workspace.getConfiguration('clusterpersona');

describe('The setting that names hubs', () => {
  afterEach(() => configuration().update('hubs', undefined, vscode.ConfigurationTarget.Global));

  it('keeps what cannot be used, for the user to mend, when a hub is added or removed', async () => {
    const misspelt = 'htps://staging.example.com';
    await configuration().update('hubs', [misspelt], vscode.ConfigurationTarget.Global);
    await settings.addHub('https://hub.example.com');
    assert.deepEqual(configuration().get('hubs'), [misspelt, 'https://hub.example.com']);
    await settings.removeHub('https://hub.example.com');
    assert.deepEqual(configuration().get('hubs'), [misspelt]);
  });

  it('loses a hub however its address was written', async () => {
    await configuration().update('hubs', ['https://HUB.example.com/'], vscode.ConfigurationTarget.Global);
    await settings.removeHub('https://hub.example.com');
    assert.equal(configuration().inspect('hubs')?.globalValue, undefined);
  });
});
