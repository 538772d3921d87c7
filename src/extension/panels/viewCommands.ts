import * as vscode from 'vscode';
import type { ViewCommand } from '../../protocol/requests';
import type { Connections } from '../connections';

export interface ViewCommandOptions {
  readonly connections: Connections;
  readonly log: vscode.LogOutputChannel;
}

/** Does what a view asks of the editor. */
export async function runViewCommand(options: ViewCommandOptions, command: ViewCommand): Promise<void> {
  switch (command.type) {
    case 'openLogs':
    case 'openDetail': {
      const { type, ...target } = command;
      await vscode.commands.executeCommand(`clusterpersona.${type}`, target);
      return;
    }
    case 'reconnect':
      await options.connections.connect(command.source);
      return;
    case 'disconnect':
      await options.connections.disconnect(command.source);
      return;
    case 'showLog':
      options.log.show();
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(command.text);
      return;
    default:
      command satisfies never;
  }
}
