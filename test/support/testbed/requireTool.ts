import { findChromium } from './chromium';
import { findVscodeServer } from './codeServer';
import { findHelm } from './helm';
import { type KubernetesBinaries, findKubernetesBinaries } from './kubernetesBinaries';
import type { ToolState } from './toolState';

/** What mocha binds `this` to in a `before` hook: enough of it to skip. */
interface Skippable {
  skip(): never;
}

/**
 * The tool, or no suite: without it the suite's tests are skipped, and counted as such. With `CI` set nothing may
 * be missing, so there it throws. It prepares nothing: `npm test` does.
 */
function required<T>(hook: Skippable, what: string, state: ToolState<T>): T {
  switch (state.type) {
    case 'ready':
      return state.tool;
    case 'missing': {
      const sentence = `${what}: ${state.reason}`;
      if (process.env['CI']) {
        throw new Error(sentence);
      }
      console.log(`      skipped, ${sentence}`);
      return hook.skip();
    }
    default:
      return state satisfies never;
  }
}

/** For the `before` hook of a suite that needs a real API server. */
export function requireKubernetes(hook: Skippable): KubernetesBinaries {
  return required(hook, 'no Kubernetes', findKubernetesBinaries());
}

/** For the `before` hook of a suite that drives a browser. */
export function requireChromium(hook: Skippable): string {
  return required(hook, 'no Chromium', findChromium());
}

/** For the `before` hook of a suite that renders the chart: the program. */
export function requireHelm(hook: Skippable): string {
  return required(hook, 'no helm', findHelm());
}

/** For the `before` hook of a suite that drives VS Code: the server's `lib/vscode` folder and a browser. */
export function requireVscode(hook: Skippable): { readonly server: string; readonly chromium: string } {
  return {
    server: required(hook, 'no VS Code server', findVscodeServer()),
    chromium: requireChromium(hook),
  };
}
