import { addonHealth } from './health';
import type { PersonaAddon } from './personaStatus';

/** The namespace whose pods are an add-on's, if it is installed and says so. */
export function addonNamespace(addon: PersonaAddon): string | undefined {
  return addonHealth(addon) === 'notInstalled' || addon.namespace === '' ? undefined : addon.namespace;
}
