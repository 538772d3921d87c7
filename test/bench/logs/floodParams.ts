import * as v from 'valibot';

/** Pods that write at once, and how much in total. */
export const FLOOD = { namespace: 'flood', pods: 20, linesPerSecond: 50_000 } as const;
/** How long one round watches. */
export const FLOOD_MS = 5_000;
const PAD = 'x'.repeat(60);

export function floodPod(index: number): string {
  return `loud-${index}`;
}

/** Of 100 bytes; the number is counted over all pods, in the order in which they are written. */
export function floodText(number: number): string {
  return `INFO n=${String(number).padStart(9, '0')} handled ${PAD} took ${number % 97}ms`;
}

/** The number of a line; undefined of any other. */
export const FLOOD_NUMBER = /\bn=(\d{9})\b/;

export const openFloodParams = v.object({
  kubeconfig: v.string(),
  /** Folder with the built webviews. */
  webviews: v.string(),
});

/** The numbers of lines that were the newest when the host received them, and when that was. */
export const received = v.array(v.tuple([v.number(), v.number()]));
