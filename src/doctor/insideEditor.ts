import { WAY_CHECKS } from './diagnosis';
import type { Check } from './examine';

/** The checks of the way to a cluster, for one to which there is no way: it runs inside the editor. */
export function insideEditorChecks(): readonly Check[] {
  return WAY_CHECKS.map((id) => ({
    id,
    needs: [],
    run: () => Promise.resolve({ outcome: 'skipped', reason: { type: 'insideEditor' }, details: [] }),
  }));
}
