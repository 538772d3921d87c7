import { DEFAULT_HUB_SETTINGS, type HubSettings } from '../hub/hubSettings';

/**
 * A server gathers what happens for longer than an editor's own hub does: each frame costs it the same for hundreds of clients,
 * and over a network nobody sees the difference. 25 frames a second leave 40 ms, a tenth of what people take for at once.
 */
export const SERVER_SETTINGS: HubSettings = {
  ...DEFAULT_HUB_SETTINGS,
  flow: { ...DEFAULT_HUB_SETTINGS.flow, minRate: 10, maxRate: 25, initialRate: 25 },
};
