import assert from 'node:assert/strict';
import * as v from 'valibot';
import { VsCodeChannel, type MessageTarget } from '../../../../../webview/bridge/editor/vsCodeChannel';
import { rememberView, viewStateStorage } from '../../../../../webview/bridge/viewStateStorage';
import { trackLeaks } from '../../../../support/leakTracker';

class FakeWindow implements MessageTarget {
  readonly listeners = new Set<(event: { readonly data: unknown }) => void>();

  addEventListener(_type: 'message', listener: (event: { readonly data: unknown }) => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'message', listener: (event: { readonly data: unknown }) => void): void {
    this.listeners.delete(listener);
  }
}

function rethrow(error: unknown): never {
  throw error;
}

describe('VsCodeChannel', () => {
  trackLeaks();

  it('carries messages both ways until it is disposed, which it tells once', () => {
    const target = new FakeWindow();
    const posted: unknown[] = [];
    const heard: unknown[] = [];
    const channel = new VsCodeChannel({ postMessage: (message) => posted.push(message) }, target, rethrow);
    let closes = 0;
    const listening = [channel.onMessage((data) => heard.push(data)), channel.onClose(() => (closes += 1))];
    channel.send({ type: 'ready', version: 1 });
    target.listeners.forEach((listener) => listener({ data: 'in' }));
    channel.dispose();
    channel.dispose();
    channel.send({ type: 'ready', version: 1 });
    assert.deepEqual([posted.length, heard, target.listeners.size, closes], [1, ['in'], 0, 1]);
    listening.forEach((subscription) => subscription.dispose());
  });
});

describe('viewStateStorage', () => {
  it('keeps what the webview shows beside what was chosen in it, whichever was noted first', () => {
    let kept: unknown;
    const api = { getState: () => kept, setState: (state: unknown) => (kept = state) };
    const storage = viewStateStorage(api, v.object({ tab: v.string() }));
    const view = { type: 'detail', source: 'a', name: 'one' } as const;
    rememberView(api, view);
    storage.write({ tab: 'nodes' });
    rememberView(api, view);
    assert.deepEqual(kept, { view, choices: { tab: 'nodes' } });
  });

  it('gives back what was written, and nothing for what another version wrote', () => {
    let kept: unknown;
    const api = { getState: () => kept, setState: (state: unknown) => (kept = state) };
    const storage = viewStateStorage(api, v.object({ tab: v.picklist(['a', 'b']) }));
    assert.equal(storage.read(), undefined);
    storage.write({ tab: 'b' });
    assert.deepEqual(storage.read(), { tab: 'b' });
    for (const other of [{ choices: { tab: 'gone' } }, { choices: 7 }, 'nothing of ours', undefined]) {
      kept = other;
      assert.equal(storage.read(), undefined);
    }
  });
});
