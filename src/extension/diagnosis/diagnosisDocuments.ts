import * as vscode from 'vscode';
import type { Diagnosis } from '../../doctor/diagnosis';
import { diagnosisMarkdown } from './diagnosisMarkdown';

const SCHEME = 'clusterpersona-diagnosis';
/** VS Code's own, which shows a document in its place, so that the title's actions know what they are about. */
const PREVIEW_EDITOR = 'vscode.markdown.preview.editor';

/** The last diagnosis of each source, as a document that can be read and not changed. */
export class DiagnosisDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly #diagnoses = new Map<string, Diagnosis>();
  #last: Diagnosis | undefined;

  /** Keeps a source's newest diagnosis in the place of the one before, and shows it. */
  async show(source: string, diagnosis: Diagnosis): Promise<void> {
    const uri = uriOf(source, diagnosis);
    this.#diagnoses.set(source, diagnosis);
    this.#last = diagnosis;
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('vscode.openWith', uri, PREVIEW_EDITOR);
  }

  /** The one that a document shows; without a document the one that was made last. */
  find(uri: vscode.Uri | undefined): Diagnosis | undefined {
    return uri?.scheme === SCHEME ? this.#diagnoses.get(uri.query) : this.#last;
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    const diagnosis = this.#diagnoses.get(uri.query);
    return diagnosis === undefined
      ? undefined
      : diagnosisMarkdown(diagnosis, [
          vscode.l10n.t(
            'To share this, run **ClusterPersona: Save Diagnosis…** or **ClusterPersona: Copy Diagnosis**, also by the buttons above: what they give has placeholders for servers, addresses, users and namespaces.',
          ),
        ]);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function uriOf(source: string, { label }: Diagnosis): vscode.Uri {
  // The file's name is the title of the editor.
  const name = vscode.l10n.t('Connection to {0}', label).replaceAll(/[\\/:*?"<>|]+/g, '-');
  return vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md`, query: source });
}
