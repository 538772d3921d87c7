/** A program for a worker thread, bundled into one text by scripts/workerText.mjs. */
declare module '*?worker' {
  export const workerText: string;
}
