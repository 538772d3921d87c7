import { Emitter } from '../../../src/base/emitter';
import { DEFAULT_HUB_SETTINGS, type HubSettings, type SettingsSource } from '../../../src/hub/hubSettings';

/** Settings that a test changes. */
export class ChangingSettings implements SettingsSource<HubSettings> {
  readonly #changed = new Emitter<HubSettings>((error) => {
    throw error;
  });
  readonly onChanged = this.#changed.event;
  current: HubSettings = DEFAULT_HUB_SETTINGS;

  change(settings: Partial<HubSettings>): void {
    this.current = { ...this.current, ...settings };
    this.#changed.fire(this.current);
  }

  get hasListeners(): boolean {
    return this.#changed.hasListeners;
  }
}
