import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { KubeFetch } from '../../base/kubeFetch';
import { utilisationBetween, type LoadReading } from '../../base/loadMeter';
import { scopedLogger, type Logger } from '../../base/logger';
import { oneLine } from '../../base/oneLine';
import { apiChecks } from '../../doctor/apiChecks';
import type { Diagnosis } from '../../doctor/diagnosis';
import { examine, type Check } from '../../doctor/examine';
import { insideEditorChecks } from '../../doctor/insideEditor';
import type { RealtimeFigures } from '../../doctor/realtimeFigures';
import { redactDiagnosis } from '../../doctor/redactDiagnosis';
import type { CommandRun } from '../../hub/commandRun';
import type { CommandRuns } from '../../hub/commandRuns';
import type { Hub } from '../../hub/hub';
import type { Source } from '../../hub/source';
import type { Hubs } from '../hubs/hubs';
import type { KubeconfigSources } from '../kubeconfigSources';
import { localise } from '../localise';
import { orSayWhy } from '../orSayWhy';
import { plainText } from '../plainText';
import { showRun } from '../runProgress';
import { checkTitle } from './checkText';
import { DiagnosisDocuments } from './diagnosisDocuments';
import { hubChecks } from './hubChecks';
import { diagnosisMarkdown, verdictText } from './diagnosisMarkdown';

const MAX_LABEL_CHARS = 100;

export interface DoctorOptions {
  readonly hub: Hub;
  readonly kubeconfigs: Pick<KubeconfigSources, 'examine'>;
  readonly hubs: Pick<Hubs, 'examine'>;
  readonly runs: CommandRuns;
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

  constructor(options: DoctorOptions) {
    localise();
    this.#options = options;
  }

  /** Examines one source and shows what was found. Where that is under way already this is over when it is. */
  async diagnose(id: string): Promise<void> {
    const { hub, runs } = this.#options;
    const source = hub.source(id);
    if (source === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This context is no longer in a kubeconfig. Pick another cluster in the tree.'),
      );
      return;
    }
    const joined = runs.running('diagnose', id);
    if (joined !== undefined) {
      await joined.finished;
      return;
    }
    let diagnosis: Diagnosis | undefined;
    const run = runs.start({
      command: 'diagnose',
      target: id,
      work: async (started) => {
        diagnosis = await this.#examine(source, started);
      },
    });
    const end = await showRun(run, {
      title: vscode.l10n.t('Diagnosing {0}', shown(source.definition.label)),
      location: vscode.ProgressLocation.Notification,
      message: ({ subject }) => subject,
    });
    if (end.state === 'failed') {
      throw end.error;
    }
    if (end.state === 'done' && diagnosis !== undefined) {
      this.#log(diagnosis);
      await this.#documents.show(id, diagnosis);
      void orSayWhy(this.#tell(id, diagnosis));
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
    this.#documents.dispose();
  }

  async #examine(source: Source, run: CommandRun): Promise<Diagnosis> {
    const { clock, hub } = this.#options;
    const startedAt = clock.now();
    const loadBefore = hub.flows.readLoad();
    const examination = await this.#examinationOf(source);
    try {
      const results = await examine({
        checks: examination.checks,
        clock,
        signal: run.signal,
        onCheck: (id) =>
          run.report({
            done: examination.checks.findIndex((check) => check.id === id),
            total: examination.checks.length,
            subject: checkTitle(id),
          }),
      });
      const realtime = realtimeFigures(hub, loadBefore);
      return { label: source.definition.label, startedAt, results, realtime };
    } finally {
      examination.dispose();
    }
  }

  async #examinationOf(source: Source): Promise<Examination> {
    const { kubeconfigs, clock } = this.#options;
    if (source.definition.kind === 'demo') {
      const fetch: KubeFetch = async (path, request) => source.fetch()(path, request);
      return { checks: [...insideEditorChecks(), ...apiChecks({ fetch, clock })], dispose: () => undefined };
    }
    if (source.definition.kind === 'hub') {
      return {
        checks: hubChecks(source, (signal) => this.#options.hubs.examine(source.id, signal)),
        dispose: () => undefined,
      };
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
    const text = `${shown(diagnosis.label)}: ${verdictText(diagnosis)}`;
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
    if (uri === undefined) {
      return;
    }
    const { runs } = this.#options;
    const target = uri.toString();
    // One after the other into the same file.
    await runs.running('saveDiagnosis', target)?.finished;
    const run = runs.start({
      command: 'saveDiagnosis',
      target,
      work: async () => {
        await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(this.#report(diagnosis)));
      },
    });
    // A file that is being written cannot be taken back, so that there is nothing to cancel.
    const end = await showRun(run, {
      title: vscode.l10n.t('Saving the diagnosis'),
      location: vscode.ProgressLocation.Window,
      message: () => undefined,
    });
    if (end.state === 'failed') {
      throw end.error;
    }
    if (end.state === 'done') {
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
    views: flows
      .viewFigures()
      .map(({ view, isVisible, rate, queued, dropped, credits, framesSent, fps }) => ({
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

/** A label in a notification, which cuts its end: the verdict stands behind it. */
function shown(label: string): string {
  return plainText(oneLine(label, MAX_LABEL_CHARS));
}

function sayThereIsNone(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('There is no diagnosis yet. Run "Diagnose Connection…" first.'),
  );
}
