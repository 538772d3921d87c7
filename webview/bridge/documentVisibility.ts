import { toDisposable, type Disposable } from '../../src/base/disposable';

/** Whether the browser shows this page. */
export const documentVisibility = {
  isVisible: (): boolean => document.visibilityState === 'visible',
  onChange(listener: () => void): Disposable {
    document.addEventListener('visibilitychange', listener);
    return toDisposable(() => document.removeEventListener('visibilitychange', listener));
  },
};
