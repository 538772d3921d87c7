import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { HubSettings, SettingsSource } from '../../hub/hubSettings';
import type { ConnectionSettings } from '../../transport/connectionSettings';
import { decodeSettings, type DecodedSettings, type SettingProblem } from './decodeSettings';
import { ReportedProblems } from './reportedProblems';
import { settingProblemText } from './settingProblemText';
import { SECTION } from './settingsTable';

export interface EditorSettingsOptions {
  readonly logger: Logger;
  /** Told of wrong values that were not told before, all that were found at once; never of none. */
  readonly onWrong: (problems: readonly SettingProblem[]) => void;
}

/**
 * The settings of the hub, and of the connections to others, as VS Code has them. What cannot be used is logged, told once, and counts as its default. A change
 * is in effect without a reload, and told only where it changes something.
 */
export class EditorSettings implements SettingsSource<HubSettings>, Disposable {
  readonly #options: EditorSettingsOptions;
  readonly #changed: Emitter<HubSettings>;
  readonly #reported = new ReportedProblems();
  readonly #following: vscode.Disposable;
  #current: HubSettings;
  #connection: ConnectionSettings;
  /** How connections to hubs are kept, at each moment as it is set then. */
  readonly connection: ConnectionSettings = ((current: () => ConnectionSettings) => ({
    get initialBackoffMs() {
      return current().initialBackoffMs;
    },
    get maxBackoffMs() {
      return current().maxBackoffMs;
    },
    get stableMs() {
      return current().stableMs;
    },
    get pollMs() {
      return current().pollMs;
    },
    get upgradeMs() {
      return current().upgradeMs;
    },
    get fallbackAfter() {
      return current().fallbackAfter;
    },
    get missedHeartbeats() {
      return current().missedHeartbeats;
    },
  }))(() => this.#connection);

  constructor(options: EditorSettingsOptions) {
    this.#options = options;
    this.#changed = new Emitter((error) => options.logger.error('A follower of the settings failed', error));
    this.#following = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) {
        this.#read();
      }
    });
    const { hub, connection, problems } = readSettings();
    this.#current = hub;
    this.#connection = connection;
    this.#report(problems);
  }

  get current(): HubSettings {
    return this.#current;
  }

  get onChanged() {
    return this.#changed.event;
  }

  dispose(): void {
    this.#following.dispose();
    this.#changed.dispose();
  }

  #read(): void {
    const { hub, connection, problems } = readSettings();
    this.#connection = connection;
    if (JSON.stringify(hub) !== JSON.stringify(this.#current)) {
      this.#current = hub;
      this.#changed.fire(hub);
    }
    this.#report(problems);
  }

  #report(problems: readonly SettingProblem[]): void {
    const fresh = this.#reported.take(problems);
    for (const problem of fresh) {
      this.#options.logger.warn(settingProblemText(problem));
    }
    if (fresh.length > 0) {
      this.#options.onWrong(fresh);
    }
  }
}

function readSettings(): DecodedSettings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return decodeSettings((name) => configuration.get<unknown>(name));
}
