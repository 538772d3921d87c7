import { useEffect } from 'react';
import type { Router } from './router';

/** Escape goes back. */
export function useLeave(router: Router): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isTyping(event.target)) {
        router.leave();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [router]);
}

/** In a field, and in what may be an open list, Escape means something else. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, vscode-single-select');
}
