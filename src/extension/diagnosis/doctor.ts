import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { KubeFetch } from '../../base/kubeFetch';
import { utilisationBetween, type LoadReading } from '../../base/loadMeter';
import { scopedLogger, type Logger } from '../../base/logger';
import { apiChecks } from '../../doctor/apiChecks';
import type { Diagnosis } from '../../doctor/diagnosis';
import { examine, type Check } from '../../doctor/examine';
import { insideEditorChecks } from '../../doctor/insideEditor';
import type { RealtimeFigures } from '../../doctor/realtimeFigures';
import { redactDiagnosis } from '../../doctor/redactDiagnosis';
import type { Hub } from '../../hub/hub';
import type { Source } from '../../hub/source';
import type { KubeconfigSources } from '../kubeconfigSources';
import { localise } from '../localise';
import { plainText } from '../plainText';
import { checkTitle } from './checkText';
import { DiagnosisDocuments } from './diagnosisDocuments';
import { diagnosisMarkdown, verdictText } from './diagnosisMarkdown';

export interface DoctorOptions {
  readonly hub: Hub;
  readonly kubeconfigs: KubeconfigSources;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the extension. */
  readonly version: string;
}

/** What a run examines, and what is released after it. */
interface Examination extends vscode.Disposable {
  readonly checks: readonly Check[];
}

/** Finds out why a connection does not work, shows it, and gives it away without names and secrets. */
export class Doctor implements vscode.Disposable {
  readonly #options: DoctorOptions;
  readonly #documents = new DiagnosisDocuments();
  readonly #running = new Map<string, AbortController>();

  constructor(options: DoctorOptions) {
    localise();
    this.#options = options;
  }

  /** Examines one source and shows what was found. A run for the same source that is under way is given up. */
  async diagnose(id: string): Promise<void> {
    const source = this.#options.hub.source(id);
    if (source === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This context is no longer in a kubeconfig. Pick another cluster in the tree.'),
      );
      return;
    }
    this.#running.get(id)?.abort();
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      const diagnosis = await this.#withProgress(source, abort);
      this.#log(diagnosis);
      await this.#documents.show(id, diagnosis);
      void this.#tell(id, diagnosis);
    } catch (error) {
      if (!abort.signal.aborted) {
        throw error;
      }
    } finally {
      if (this.#running.get(id) === abort) {
        this.#running.delete(id);
      }
    }
  }

  /** Writes a diagnosis, that of the document or the last one, into a file of the user's choice, fit to be given away. */
  async save(uri: vscode.Uri | undefined): Promise<void> {
    const diagnosis = this.#documents.find(uri);
    if (diagnosis === undefined) {
      sayThereIsNone();
      return;
    }
    await this.#save(diagnosis);
  }

  async copy(uri: vscode.Uri | undefined): Promise<void> {
    const diagnosis = this.#documents.find(uri);
    if (diagnosis === undefined) {
      sayThereIsNone();
      return;
    }
    await vscode.env.clipboard.writeText(this.#report(diagnosis));
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied the diagnosis, without names'), 5_000);
  }

  dispose(): void {
    for (const abort of this.#running.values()) {
      abort.abort();
    }
    this.#documents.dispose();
  }

  #withProgress(source: Source, abort: AbortController): Thenable<Diagnosis> {
    const { clock, hub } = this.#options;
    const { label } = source.definition;
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Diagnosing {0}', plainText(label)),
        cancellable: true,
      },
      async (progress, cancellation) => {
        const subscription = cancellation.onCancellationRequested(() => abort.abort());
        const startedAt = clock.now();
        const loadBefore = hub.flows.readLoad();
        const examination = await this.#examinationOf(source);
        try {
          const results = await examine({
            checks: examination.checks,
            clock,
            signal: abort.signal,
            onCheck: (id) =>
              progress.report({ message: checkTitle(id), increment: 100 / examination.checks.length }),
          });
          return { label, startedAt, results, realtime: realtimeFigures(hub, loadBefore) };
        } finally {
          subscription.dispose();
          examination.dispose();
        }
      },
    );
  }

  async #examinationOf(source: Source): Promise<Examination> {
    const { kubeconfigs, clock } = this.#options;
    if (source.definition.kind === 'demo') {
      const fetch: KubeFetch = async (path, request) => source.fetch()(path, request);
      return { checks: [...insideEditorChecks(), ...apiChecks({ fetch, clock })], dispose: () => undefined };
    }
    const way = await kubeconfigs.examine(source.id);
    const api = apiChecks({
      fetch: way.fetch,
      clock,
      refreshCredentials: () => way.refreshCredentials(),
    });
    return { checks: [...way.checks, ...api], dispose: () => way.dispose() };
  }

  async #tell(id: string, diagnosis: Diagnosis): Promise<void> {
    const text = `${plainText(diagnosis.label)}: ${verdictText(diagnosis)}`;
    const [show, save] = [vscode.l10n.t('Show'), vscode.l10n.t('Save…')];
    const isWell = diagnosis.results.every(({ outcome }) => outcome !== 'failed' && outcome !== 'warning');
    const choice = isWell
      ? await vscode.window.showInformationMessage(text, show, save)
      : await vscode.window.showWarningMessage(text, show, save);
    if (choice === show) {
      await this.#documents.show(id, diagnosis);
    } else if (choice === save) {
      await this.#save(diagnosis);
    }
  }

  async #save(diagnosis: Diagnosis): Promise<void> {
    const day = new Date(diagnosis.startedAt).toISOString().slice(0, 10);
    const name = `clusterpersona-diagnosis-${day}.md`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
      filters: { Markdown: ['md'] },
      title: vscode.l10n.t('Save the diagnosis, without names'),
    });
    if (uri !== undefined) {
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(this.#report(diagnosis)));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Saved the diagnosis, without names'), 5_000);
    }
  }

  #report(diagnosis: Diagnosis): string {
    const made = `ClusterPersona ${this.#options.version}, Visual Studio Code ${vscode.version}`;
    return diagnosisMarkdown(redactDiagnosis(diagnosis), [made]);
  }

  #log({ label, results }: Diagnosis): void {
    const outcomes = results.map((result) => {
      const problem = 'problem' in result && result.problem !== undefined ? ` (${result.problem.code})` : '';
      return `${result.id} ${result.outcome}${problem}`;
    });
    scopedLogger(this.#options.logger, label).info(`Diagnosed: ${outcomes.join(', ')}`);
  }
}

/** Numbers and kinds of views: their names stay out. */
function realtimeFigures({ flows }: Hub, before: LoadReading): RealtimeFigures {
  const now = flows.readLoad();
  return {
    eventLoopUtilisation: utilisationBetween(before, now),
    heapFraction: now.heapFraction,
    views: flows.figures().map(({ view, isVisible, rate, queued, dropped, credits, framesSent, fps }) => ({
      view: view.type,
      isVisible,
      rate,
      queued,
      dropped,
      credits,
      framesSent,
      fps,
    })),
  };
}

function sayThereIsNone(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('There is no diagnosis yet. Run "Diagnose Connection…" first.'),
  );
}
