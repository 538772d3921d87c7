import type { PodRow } from '../../src/protocol/podLog';

/**
 * The pod whose log is most likely wanted of an add-on: the one whose name says most of the add-on's, running ones before
 * others, then in the order given. Without any likeness the first that runs, else the first.
 */
export function pickPod(pods: readonly PodRow[], addon: string): PodRow | undefined {
  let best: { readonly pod: PodRow; readonly score: number } | undefined;
  for (const pod of pods) {
    const score = likeness(pod.name, addon) * 2 + (pod.phase === 'Running' ? 1 : 0);
    if (best === undefined || score > best.score) {
      best = { pod, score };
    }
  }
  return best?.pod;
}

/** 3 for the name in front, 2 for it anywhere, 1 for one of its words, 0 for nothing in common. */
function likeness(pod: string, addon: string): number {
  const wanted = addon.toLowerCase();
  const name = pod.toLowerCase();
  if (wanted === '') {
    return 0;
  }
  if (name === wanted || name.startsWith(`${wanted}-`)) {
    return 3;
  }
  if (name.includes(wanted)) {
    return 2;
  }
  const words = new Set(name.split('-'));
  return wanted.split(/[^a-z0-9]+/).some((word) => word.length > 2 && words.has(word)) ? 1 : 0;
}
