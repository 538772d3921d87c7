import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Hub } from '../../hub/hub';
import { severityColorId } from '../icons';
import { rowBadge } from './rowBadge';
import { rowOfPath, rowPath } from './rowPath';

const SCHEME = 'clusterpersona';
/** What changes together is told together. */
const GATHER_MS = 100;
/** Of more rows VS Code asks only some again (at 250); told that all are others, it asks for those that it shows. */
const MAX_TOLD = 200;

/** What a row is known by to those who decorate it. */
export function personaUri(source: string, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: rowPath({ source, name }) });
}

export function sourceUri(source: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: rowPath({ source, name: undefined }) });
}

/**
 * Marks the rows of personas with alerts and of those that changed while nobody could watch, and the rows of sources with
 * alerts in them. One provider for all marks: VS Code would put the badges of two beside each other, and the second would
 * read as part of the first. The row of a source counts by itself rather than by VS Code's propagation, which knows only
 * rows that were drawn. A colour is for what is known to be so now: rows of a source that is not live have none.
 */
export class RowDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri[] | undefined>());
  readonly #dirty = new Map<string, vscode.Uri>();
  #isAllDirty = false;
  #timer: Disposable | undefined;
  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
    this.#owned.add({ dispose: () => this.#timer?.dispose() });
    this.#owned.add(vscode.window.registerFileDecorationProvider(this));
    this.#owned.add(
      hub.onEvent((event) => {
        if (event.type === 'away.changed') {
          this.#mark(personaUri(event.data.source, event.data.name));
        }
      }),
    );
    this.#owned.add(
      hub.alerts.onChanged(({ source, name }) => {
        if (name === undefined) {
          // The colour of every row in it may be another one.
          this.#isAllDirty = true;
        } else {
          this.#mark(personaUri(source, name));
        }
        this.#mark(sourceUri(source));
      }),
    );
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const row = uri.scheme === SCHEME ? rowOfPath(uri.path) : undefined;
    if (row === undefined) {
      return undefined;
    }
    const { source, name } = row;
    const counts = this.#hub.alerts.counts(source, name);
    const change = name === undefined ? undefined : this.#hub.source(source)?.away.get(name);
    const badge = rowBadge(counts, change);
    if (badge === undefined) {
      return undefined;
    }
    const color =
      counts.worst === undefined || !this.#hub.alerts.isWatched(source)
        ? undefined
        : severityColorId(counts.worst);
    return new vscode.FileDecoration(
      badge.badge,
      badge.tooltip,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #mark(uri: vscode.Uri): void {
    if (this.#dirty.size <= MAX_TOLD) {
      this.#dirty.set(uri.path, uri);
    }
    this.#timer ??= this.#clock.schedule(GATHER_MS, () => this.#tell());
  }

  #tell(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const all = this.#isAllDirty || this.#dirty.size > MAX_TOLD;
    const uris = [...this.#dirty.values()];
    this.#dirty.clear();
    this.#isAllDirty = false;
    this.#changed.fire(all ? undefined : uris);
  }
}
