import * as vscode from 'vscode';
import { systemClock, yieldToEventLoop } from '../../base/clock';
import type { LogReader } from '../../hub/requestHandlers';
import { exportTexts } from './exportTexts';
import { exportedText } from './logExport';
import { fileName, MAX_DOCUMENT_BYTES, type NamedView } from './saveLogs';

const SCHEME = 'clusterpersona-log';
const MEGABYTE = 1_000_000;

/** Logs as documents that can be read, searched and not changed: as they were when they were opened. */
export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #owned = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) {
        this.#texts.delete(uri.toString());
      }
    }),
  );
  #opened = 0;

  /** Opens the last rows of a view, as many as a document may hold, and says where those are not all. */
  async open(logs: LogReader, exported: NamedView, signal: AbortSignal): Promise<void> {
    const encoder = new TextEncoder();
    const pieces: { readonly text: string; readonly bytes: number }[] = [];
    let bytes = 0;
    let isCut = false;
    for (const { text } of exportedText(logs, exported, exportTexts())) {
      const size = encoder.encode(text).length;
      pieces.push({ text, bytes: size });
      bytes += size;
      // The newest are those that are asked for: older ones make room.
      while (bytes > MAX_DOCUMENT_BYTES) {
        bytes -= pieces.shift()?.bytes ?? bytes;
        isCut = true;
      }
      await yieldToEventLoop(systemClock, signal);
    }
    this.#opened += 1;
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${fileName(exported.name)}.log`,
      query: String(this.#opened),
    });
    const note = vscode.l10n.t(
      'The last {0} MB of the log: a document can hold no more. Save it to a file for all of it.',
      Math.floor(bytes / MEGABYTE),
    );
    this.#texts.set(
      uri.toString(),
      `${isCut ? `--- ${note} ---\n` : ''}${pieces.map(({ text }) => text).join('')}`,
    );
    await vscode.window.showTextDocument(uri, { preview: false });
    if (isCut) {
      void vscode.window.showInformationMessage(note);
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#texts.get(uri.toString());
  }

  dispose(): void {
    this.#owned.dispose();
    this.#texts.clear();
  }
}
