import { DisposableStore } from '../../src/base/disposable';
import type { HubClient } from '../../src/client/hubClient';
import type { Visibility } from './nowTicker';

/**
 * Whether a view can be seen: its page says so, and its host. Neither suffices: VS Code hides a view without its page noticing,
 * and knows nothing of a window that is minimised.
 */
export function hostedVisibility(
  client: Pick<HubClient, 'isVisible' | 'onVisibilityChange'>,
  page: Visibility,
): Visibility {
  const isVisible = (): boolean => client.isVisible && page.isVisible();
  return {
    isVisible,
    onChange(listener) {
      const owned = new DisposableStore();
      owned.add(client.onVisibilityChange(listener));
      owned.add(page.onChange(listener));
      return owned;
    },
  };
}
