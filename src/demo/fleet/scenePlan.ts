import type { DemoScene } from '../demoScene';

/** One thing that happens; those that are trouble pass. */
export type Occurrence =
  | 'rediscovery'
  | 'drift'
  | 'nodeFlap'
  | 'addonTrouble'
  | 'addonUpgrade'
  | 'scaleOut'
  | 'release'
  | 'lost'
  | 'podTrouble'
  | 'podRestart';

interface OccurrenceChoice {
  readonly occurrence: Occurrence;
  readonly weight: number;
}

/** How much happens in a scene, and what. */
export interface ScenePlan {
  readonly minStepMs: number;
  readonly maxStepMs: number;
  /** How many things happen at each step: at least one, and one more for each so many clusters. */
  readonly clustersPerOccurrence: number;
  readonly occurrences: readonly [OccurrenceChoice, ...OccurrenceChoice[]];
  /** How long passing trouble lasts. */
  readonly minTroubleMs: number;
  readonly maxTroubleMs: number;
  /** Clusters in trouble at once: this many, or this share of the fleet if that is more. */
  readonly maxTroubled: number;
  readonly maxTroubledShare: number;
  /** What goes from cluster to cluster beside that, if anything. */
  readonly campaign: 'outage' | 'upgrade' | undefined;
}

const CALM: ScenePlan = {
  minStepMs: 1000,
  maxStepMs: 3000,
  clustersPerOccurrence: Infinity,
  occurrences: [
    { occurrence: 'rediscovery', weight: 46 },
    { occurrence: 'drift', weight: 32 },
    { occurrence: 'nodeFlap', weight: 5 },
    { occurrence: 'addonTrouble', weight: 3 },
    { occurrence: 'addonUpgrade', weight: 5 },
    { occurrence: 'scaleOut', weight: 3 },
    { occurrence: 'release', weight: 4 },
    { occurrence: 'podTrouble', weight: 1.5 },
    { occurrence: 'podRestart', weight: 0.5 },
  ],
  minTroubleMs: 12_000,
  maxTroubleMs: 40_000,
  // More would not look like a fleet that somebody runs.
  maxTroubled: 2,
  maxTroubledShare: 0,
  campaign: undefined,
};

export const SCENE_PLANS: Readonly<Record<DemoScene, ScenePlan>> = {
  calm: CALM,
  incident: {
    ...CALM,
    minStepMs: 800,
    maxStepMs: 2000,
    occurrences: [
      { occurrence: 'rediscovery', weight: 40 },
      { occurrence: 'drift', weight: 45 },
      { occurrence: 'nodeFlap', weight: 3 },
      { occurrence: 'release', weight: 4 },
      { occurrence: 'podTrouble', weight: 5 },
      { occurrence: 'podRestart', weight: 2 },
    ],
    campaign: 'outage',
  },
  upgrade: {
    ...CALM,
    minStepMs: 800,
    maxStepMs: 2000,
    occurrences: [
      { occurrence: 'rediscovery', weight: 30 },
      { occurrence: 'drift', weight: 35 },
      { occurrence: 'addonUpgrade', weight: 25 },
      { occurrence: 'release', weight: 8 },
      { occurrence: 'podTrouble', weight: 2 },
    ],
    campaign: 'upgrade',
  },
  storm: {
    minStepMs: 40,
    maxStepMs: 120,
    clustersPerOccurrence: 500,
    occurrences: [
      { occurrence: 'rediscovery', weight: 10 },
      { occurrence: 'drift', weight: 40 },
      { occurrence: 'nodeFlap', weight: 22 },
      { occurrence: 'addonTrouble', weight: 14 },
      { occurrence: 'addonUpgrade', weight: 4 },
      { occurrence: 'scaleOut', weight: 4 },
      { occurrence: 'lost', weight: 2 },
      { occurrence: 'release', weight: 2 },
      { occurrence: 'podTrouble', weight: 1 },
      { occurrence: 'podRestart', weight: 0.2 },
    ],
    minTroubleMs: 1500,
    maxTroubleMs: 8000,
    maxTroubled: 5,
    maxTroubledShare: 0.4,
    campaign: undefined,
  },
};
