import type { AddonModel } from './clusterModel';

/** An add-on goes through this many patch versions before it is set back to the first: there is no end to a story. */
const MAX_PATCHES = 3;

/** The version after the add-on's own. */
export function nextPatch({ version, firstVersion }: AddonModel): string | undefined {
  const [, head, patch] = /^(.*\.)(\d+)$/.exec(version ?? '') ?? [];
  const [, , firstPatch] = /^(.*\.)(\d+)$/.exec(firstVersion ?? '') ?? [];
  const isLast = Number(patch) >= Number(firstPatch) + MAX_PATCHES;
  return head === undefined || isLast ? firstVersion : `${head}${Number(patch) + 1}`;
}
