import type { Frame } from 'playwright-core';

/** Watches a view, and resolves with the longest its event loop stood still, in milliseconds. */
export function standstill(view: Frame, watchedMs: number): Promise<number> {
  return view.evaluate(
    (forMs) =>
      new Promise<number>((resolve) => {
        let last = performance.now();
        let longest = 0;
        const end = last + forMs;
        const tick = (): void => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
          if (now < end) {
            setTimeout(tick, 0);
          } else {
            resolve(longest);
          }
        };
        tick();
      }),
    watchedMs,
  );
}

/** By how many CSS pixels a view is wider than its window; 0 where nothing scrolls sideways. */
export function overflowPx(view: Frame): Promise<number> {
  return view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
