import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settings } from '../../../src/extension/settings';

describe('The setting of notifications of alerts', () => {
  const write = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('clusterpersona')
      .update('alerts.notifications', value, vscode.ConfigurationTarget.Global);

  afterEach(() => write(undefined));

  it('is critical by default, and each of its choices can be made', async () => {
    const inspected = vscode.workspace
      .getConfiguration('clusterpersona')
      .inspect<string>('alerts.notifications');
    assert.equal(inspected?.defaultValue, 'critical');
    assert.equal(settings.alertNotifications(), 'critical');
    for (const choice of ['off', 'all', 'critical']) {
      await write(choice);
      assert.equal(settings.alertNotifications(), choice);
    }
  });

  it('is turned off for the user where a notification is not to come again', async () => {
    await settings.turnAlertNotificationsOff();
    assert.equal(settings.alertNotifications(), 'off');
  });

  it('counts as critical when it names no choice', async () => {
    for (const wrong of ['loud', 7, null, ['all']]) {
      await write(wrong);
      assert.equal(settings.alertNotifications(), 'critical');
    }
  });
});
