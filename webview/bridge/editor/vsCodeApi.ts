/** What VS Code gives to a webview's scripts, once: a second call of `acquireVsCodeApi` throws. */
export interface VsCodeApi {
  readonly postMessage: (message: unknown) => void;
  /** What `setState` was last given; survives hiding, moving and reloading of the view. Undecoded. */
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

let acquired: VsCodeApi | undefined;

/** The API of this webview. */
export function vsCodeApi(): VsCodeApi {
  acquired ??= acquireVsCodeApi();
  return acquired;
}
