import * as vscode from 'vscode';
import type { FileWriter } from '../../base/fileWriter';
import type { LogReader } from '../../hub/requestHandlers';
import type { Platform } from '../platform';
import { exportedText, type ExportedPiece, type ExportedView } from './logExport';
import { exportTexts } from './exportTexts';

/** VS Code shows no document of more than 50 MB; this leaves room for its own. */
export const MAX_DOCUMENT_BYTES = 45_000_000;

export interface NamedView extends ExportedView {
  readonly name: string;
}

/** Asks for a file and writes every row into it, with progress; cancelled, nothing is left of it. */
export async function saveLogs(
  platform: Pick<Platform, 'createFile'>,
  logs: LogReader,
  exported: NamedView,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${fileName(exported.name)}.log`;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the log'),
    filters: { [vscode.l10n.t('Logs')]: ['log', 'txt'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (uri === undefined) {
    return;
  }
  const writer =
    uri.scheme === 'file' && platform.createFile !== undefined
      ? await platform.createFile(uri.fsPath)
      : wholeFile(uri);
  const rows = await withProgress(vscode.l10n.t('Saving the log'), writer, logs, exported);
  if (rows === undefined) {
    return;
  }
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} lines were saved.', rows.toLocaleString()),
    open,
  );
  if (chosen === open) {
    await vscode.commands.executeCommand('vscode.open', uri);
  }
}

/** How many rows were written; undefined where it was cancelled. */
async function withProgress(
  title: string,
  writer: FileWriter,
  logs: LogReader,
  exported: NamedView,
): Promise<number | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const encoder = new TextEncoder();
      let last: ExportedPiece | undefined;
      try {
        for (const piece of exportedText(logs, exported, exportTexts())) {
          if (token.isCancellationRequested) {
            await writer.discard();
            return undefined;
          }
          await writer.write(encoder.encode(piece.text));
          const increment = piece.of === 0 ? 0 : ((piece.rows - (last?.rows ?? 0)) / piece.of) * 100;
          progress.report({
            increment,
            message: vscode.l10n.t(
              '{0} of {1} lines',
              piece.rows.toLocaleString(),
              piece.of.toLocaleString(),
            ),
          });
          last = piece;
        }
        await writer.finish();
        return last?.rows ?? 0;
      } catch (error) {
        await writer.discard();
        throw error;
      }
    },
  );
}

/** Where files are not this machine's: VS Code takes them whole. */
function wholeFile(uri: vscode.Uri): FileWriter {
  const pieces: Uint8Array[] = [];
  return {
    write(data) {
      pieces.push(data);
      return Promise.resolve();
    },
    async finish() {
      await vscode.workspace.fs.writeFile(
        uri,
        new Uint8Array(await new Blob(pieces.map((piece) => new Uint8Array(piece))).arrayBuffer()),
      );
    },
    discard() {
      pieces.length = 0;
      return Promise.resolve();
    },
  };
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const cleaned = name.replaceAll(/[\p{Cc}\\/:*?"<>|]+/gu, '-').slice(0, 100);
  return cleaned === '' || /^\.+$/.test(cleaned) ? 'log' : cleaned;
}
