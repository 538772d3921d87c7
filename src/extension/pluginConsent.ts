import * as vscode from 'vscode';

const KEY = 'pluginConsent';

/**
 * Remembers which sign-in program the user allowed for which source: a kubeconfig can name any program, and one that came
 * from somewhere else must not run it unasked. Another program for the same source is asked about again.
 */
export class PluginConsent {
  readonly #memory: vscode.Memento;
  /** Sources that the user is connecting right now: only then may a question be asked. */
  readonly #interactive = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The user acted on this source; the next question about it may be put. */
  allowQuestion(source: string): void {
    this.#interactive.add(source);
  }

  async mayRun(source: string, label: string, command: string): Promise<boolean> {
    if (this.#granted()[source] === command) {
      return true;
    }
    if (!this.#interactive.delete(source)) {
      return false;
    }
    const allow = vscode.l10n.t('Allow');
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t('Run "{0}" to sign in to {1}?', command, label),
      {
        modal: true,
        detail: vscode.l10n.t(
          'The kubeconfig names this program as the source of the credentials. Allow it only if you trust the kubeconfig. Your answer is kept for this context.',
        ),
      },
      allow,
    );
    if (choice !== allow) {
      return false;
    }
    await this.#memory.update(KEY, { ...this.#granted(), [source]: command });
    return true;
  }

  #granted(): Readonly<Record<string, string>> {
    return this.#memory.get<Record<string, string>>(KEY, {});
  }
}
