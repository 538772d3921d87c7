import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DEMO_SCENES } from '../../../src/demo/demoScene';
import { settings } from '../../../src/extension/settings';

interface SceneSetting {
  readonly enum: readonly string[];
  readonly enumDescriptions: readonly string[];
  readonly default: string;
}

describe('The setting of the demo scene', () => {
  const write = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('clusterpersona')
      .update('demo.scene', value, vscode.ConfigurationTarget.Global);

  afterEach(() => write(undefined));

  it('offers every scene, each with what happens in it', () => {
    const manifest: {
      contributes: { configuration: readonly { properties: Readonly<Record<string, SceneSetting>> }[] };
    } = vscode.extensions.getExtension('clusterpersona.clusterpersona')?.packageJSON;
    const setting = manifest.contributes.configuration
      .map(({ properties }) => properties['clusterpersona.demo.scene'])
      .find((found) => found !== undefined);
    assert.ok(setting !== undefined);
    assert.deepEqual(setting.enum, DEMO_SCENES);
    assert.equal(setting.enumDescriptions.length, DEMO_SCENES.length);
    assert.equal(setting.default, settings.demoScene());
  });

  it('is kept when a scene is picked, and tells that it changed', async () => {
    let changes = 0;
    const listening = settings.onDemoSceneChanged(() => (changes += 1));
    await settings.setDemoScene('storm');
    listening.dispose();
    assert.equal(settings.demoScene(), 'storm');
    assert.equal(changes, 1);
  });

  it('counts as calm when it names no scene', async () => {
    for (const wrong of ['quake', 7, null, ['storm']]) {
      await write(wrong);
      assert.equal(settings.demoScene(), 'calm');
    }
  });
});
