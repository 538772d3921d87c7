/**
 * What happens to the fleet of the demo cluster:
 * - `calm`: little, and trouble is rare
 * - `incident`: one cluster at a time goes badly wrong, and recovers
 * - `upgrade`: node by node everything is upgraded
 * - `storm`: many changes a second, everywhere
 */
export const DEMO_SCENES = ['calm', 'incident', 'upgrade', 'storm'] as const;

export type DemoScene = (typeof DEMO_SCENES)[number];
