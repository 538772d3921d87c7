import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { Hub } from '../../hub/hub';
import type { AwayChange } from '../../protocol/awayChange';
import { awayHeadline } from '../../texts/changeText';

const SCHEME = 'clusterpersona';
/** A badge has room for two characters. */
const MAX_COUNT = 9;

/** What a row is known by to those who decorate it. */
export function personaUri(source: string, name: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${encodeURIComponent(source)}/${encodeURIComponent(name)}`,
  });
}

/** Marks the rows of personas that changed while nobody could watch, until somebody saw what. */
export class AwayDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #hub: Hub;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<vscode.Uri[]>());
  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#owned.add(vscode.window.registerFileDecorationProvider(this));
    this.#owned.add(
      hub.subscribe(['away.**'], (event) => {
        if (event.type === 'away.changed') {
          this.#changed.fire([personaUri(event.data.source, event.data.name)]);
        }
      }),
    );
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== SCHEME) {
      return undefined;
    }
    const [, source = '', name = ''] = uri.path.split('/').map(decodeURIComponent);
    const change = this.#hub.source(source)?.away.get(name);
    if (change === undefined || change.isSeen) {
      return undefined;
    }
    return new vscode.FileDecoration(badgeOf(change), awayHeadline(change));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function badgeOf({ type, fields, more }: AwayChange): string {
  if (type === 'added') {
    return '+';
  }
  if (type === 'deleted') {
    return '−';
  }
  const count = Math.max(1, fields.length + more);
  return count > MAX_COUNT ? `${MAX_COUNT}+` : String(count);
}
