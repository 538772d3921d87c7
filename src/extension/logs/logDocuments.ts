import * as vscode from 'vscode';
import { systemClock, yieldToEventLoop } from '../../base/clock';
import type { LogReader } from '../../hub/requestHandlers';
import { exportTexts } from './exportTexts';
import { exportedText, untilFiltered } from './logExport';
import { fileName, filteringText, MAX_DOCUMENT_BYTES, withProgress, type NamedView } from './saveLogs';

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
  async open(logs: LogReader, exported: NamedView): Promise<void> {
    const read = await withProgress(vscode.l10n.t('Opening the log'), async (tell, signal) => {
      await untilFiltered(logs, exported, systemClock, signal, (share) => tell(filteringText(share), 0));
      return lastText(logs, exported, signal);
    });
    if (read === undefined) {
      return;
    }
    this.#opened += 1;
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${fileName(exported.name)}.log`,
      query: String(this.#opened),
    });
    const note = vscode.l10n.t(
      'The last {0} MB of the log: a document can hold no more. Save it to a file for all of it.',
      Math.floor(read.bytes / MEGABYTE),
    );
    this.#texts.set(uri.toString(), `${read.isCut ? `--- ${note} ---\n` : ''}${read.text}`);
    await vscode.window.showTextDocument(uri, { preview: false });
    if (read.isCut) {
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

interface LastText {
  readonly text: string;
  readonly bytes: number;
  /** Older rows had no room. */
  readonly isCut: boolean;
}

async function lastText(logs: LogReader, exported: NamedView, signal: AbortSignal): Promise<LastText> {
  const encoder = new TextEncoder();
  const pieces: { readonly text: string; readonly bytes: number }[] = [];
  let bytes = 0;
  let isCut = false;
  for await (const { text } of exportedText(logs, exported, exportTexts())) {
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
  return { text: pieces.map(({ text }) => text).join(''), bytes, isCut };
}
