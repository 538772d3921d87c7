import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { describePersona } from '../../../src/extension/tree/personaRows';

describe('The command of a row', () => {
  it('has no arguments, which VS Code would forget while the row is drawn anew', async () => {
    const row = { source: 's', name: 'n', phase: 'Ready', health: 'ok' } as const;
    const { command } = describePersona(row, { type: 'live' }, { hasNews: false, alertCount: 0 });
    assert.equal(command?.arguments, undefined);
    assert.ok((await vscode.commands.getCommands()).includes(command?.command ?? ''));
  });
});
