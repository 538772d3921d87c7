import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import type { FileWriter } from '../../base/fileWriter';
import type { LogReader } from '../../hub/requestHandlers';
import { isProblemError } from '../../protocol/problem';
import type { Platform } from '../platform';
import { exportedText, untilFiltered, type ExportedPiece, type ExportedView } from './logExport';
import { exportTexts } from './exportTexts';

/** VS Code shows no document of more than 50 MB; this leaves room for its own. */
export const MAX_DOCUMENT_BYTES = 45_000_000;

export interface NamedView extends ExportedView {
  readonly name: string;
}

/**
 * Asks for a file and writes every row into it, with progress; cancelled, nothing is left of it, and what the file had before stays.
 * Throws what went wrong, in words for its user.
 */
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
  const rows = await withProgress(vscode.l10n.t('Saving the log'), async (tell, signal) => {
    try {
      const written = await writeRows(writer, logs, exported, tell, signal);
      await writer.finish();
      return written;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  });
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

/** How many rows were written. */
async function writeRows(
  writer: FileWriter,
  logs: LogReader,
  exported: ExportedView,
  tell: Tell,
  signal: AbortSignal,
): Promise<number> {
  const encoder = new TextEncoder();
  let last: ExportedPiece | undefined;
  await untilFiltered(logs, exported, systemClock, signal, (share) => tell(filteringText(share), 0));
  for await (const piece of exportedText(logs, exported, exportTexts())) {
    signal.throwIfAborted();
    await writer.write(encoder.encode(piece.text));
    const share = piece.of === 0 ? 0 : (piece.rows - (last?.rows ?? 0)) / piece.of;
    tell(
      vscode.l10n.t('{0} of {1} lines', piece.rows.toLocaleString(), piece.of.toLocaleString()),
      share * 100,
    );
    last = piece;
  }
  return last?.rows ?? 0;
}

export function filteringText(share: number): string {
  return vscode.l10n.t('filtering, {0} %', Math.floor(share * 100));
}

type Tell = (message: string, increment: number) => void;

/** Shows how far it is to read a log, and lets its user end that; undefined where they did. Throws what went wrong, in words for them. */
export async function withProgress<T>(
  title: string,
  work: (tell: Tell, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const cancelling = token.onCancellationRequested(() => abort.abort());
      try {
        return await work((message, increment) => progress.report({ message, increment }), abort.signal);
      } catch (error) {
        if (token.isCancellationRequested) {
          return undefined;
        }
        throw isClosed(error)
          ? new Error(
              vscode.l10n.t('The panel of the log was closed before all of it was read: nothing was kept.'),
            )
          : error;
      } finally {
        cancelling.dispose();
      }
    },
  );
}

function isClosed(error: unknown): boolean {
  return isProblemError(error) && error.problem.code === 'closed';
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
