import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { ExecPluginQuestion } from '../cluster/execPlugin';
import type { Hub } from '../hub/hub';
import type { SourceState } from '../protocol/sourceState';

export interface PluginConsentOptions {
  /** Where answers are kept: fingerprints, never what is run. */
  readonly memory: {
    get(key: string): unknown;
    update(key: string, value: unknown): PromiseLike<void>;
  };
  readonly hub: Pick<Hub, 'source'>;
  readonly clock: Clock;
  /** Puts the question to the user, who may take any time; whether it was allowed. */
  readonly ask: (plugin: ExecPluginQuestion, label: string) => Promise<boolean>;
}

const KEY = 'pluginConsent';
/** From the user's click to the question only files are read. Later a question would come out of nowhere. */
const PERMISSION_MS = 30_000;

/** Fingerprints by source. */
const grantedSchema = v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)));

/**
 * Remembers which sign-in program the user allowed for which source: a kubeconfig can name any program, and one that came
 * from somewhere else must not run it unasked. The answer holds for exactly what was shown; a program with another path,
 * argument or environment is another one. Only what the user does leads to a question; everything else is refused.
 */
export class PluginConsent implements Disposable {
  readonly #options: PluginConsentOptions;
  /** Sources that the user is connecting right now, each with what ends the permission to ask. */
  readonly #permissions = new Map<string, DisposableStore>();
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(options: PluginConsentOptions) {
    this.#options = options;
  }

  /**
   * The user acts on this source: one question may be put. The permission ends with that question, or when the attempt
   * has come to something, or after a while. To be called before the attempt begins.
   */
  allowQuestion(id: string): void {
    this.#end(id);
    const { hub, clock } = this.#options;
    const source = hub.source(id);
    if (source === undefined) {
      return;
    }
    const owned = new DisposableStore();
    this.#permissions.set(id, owned);
    owned.add(clock.schedule(PERMISSION_MS, () => this.#end(id)));
    owned.add(
      source.onStateChanged((state) => {
        if (isOutcome(state)) {
          this.#end(id);
        }
      }),
    );
  }

  /** Whether the plugin may be run for the source that is shown as `label`. Two at once about the same share a question. */
  async mayRun(id: string, label: string, plugin: ExecPluginQuestion): Promise<boolean> {
    if (this.isGranted(id, plugin)) {
      return true;
    }
    const key = `${id} ${plugin.fingerprint}`;
    const asked = this.#asking.get(key);
    if (asked !== undefined) {
      return asked;
    }
    if (!this.#end(id)) {
      return false;
    }
    const answer = this.#ask(id, label, plugin).finally(() => this.#asking.delete(key));
    this.#asking.set(key, answer);
    return answer;
  }

  /** Whether the user allowed exactly this before. Never leads to a question. */
  isGranted(id: string, plugin: ExecPluginQuestion): boolean {
    return this.#granted()[id] === plugin.fingerprint;
  }

  dispose(): void {
    for (const id of this.#permissions.keys()) {
      this.#end(id);
    }
  }

  async #ask(id: string, label: string, plugin: ExecPluginQuestion): Promise<boolean> {
    const isAllowed = await this.#options.ask(plugin, label);
    if (isAllowed) {
      await this.#options.memory.update(KEY, { ...this.#granted(), [id]: plugin.fingerprint });
    }
    return isAllowed;
  }

  /** Whether there was a permission to end. */
  #end(id: string): boolean {
    this.#permissions.get(id)?.dispose();
    return this.#permissions.delete(id);
  }

  /** What was kept in any other form is no consent. */
  #granted(): Readonly<Record<string, string>> {
    const kept = v.safeParse(grantedSchema, this.#options.memory.get(KEY));
    return kept.success ? kept.output : {};
  }
}

/** Whether an attempt came to something. One that begins may first take back what was before it. */
function isOutcome(state: SourceState): boolean {
  switch (state.type) {
    case 'idle':
    case 'connecting':
      return false;
    case 'syncing':
    case 'live':
    case 'stale':
    case 'reconnecting':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
    case 'failed':
    case 'paused':
      return true;
    default:
      return state satisfies never;
  }
}
