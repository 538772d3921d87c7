import { addonHealth, type AddonHealth } from '../../src/persona/health';
import type { PersonaAddon } from '../../src/persona/personaStatus';

const URGENCY: Readonly<Record<AddonHealth, number>> = {
  error: 0,
  warning: 1,
  ok: 2,
  unknown: 2,
  notInstalled: 3,
};

/** What needs somebody first, what is not there last; otherwise as reported. */
export function byUrgency(addons: readonly PersonaAddon[]): readonly PersonaAddon[] {
  return addons.toSorted((a, b) => URGENCY[addonHealth(a)] - URGENCY[addonHealth(b)]);
}

/** What an add-on is told from others by. */
export function addonKey({ name, namespace }: PersonaAddon): string {
  return JSON.stringify([name, namespace]);
}
