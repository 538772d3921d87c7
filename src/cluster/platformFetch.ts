/**
 * Loading undici makes its own agent the one that the platform's `fetch` uses, in the whole process, where none was in use
 * yet. The process belongs to every extension in it, so that is undone. To be imported before anything that loads undici.
 */
const SLOTS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];
const before = SLOTS.map((slot): unknown => Reflect.get(globalThis, slot));

/** Gives the platform back what it had. To be called once undici is loaded. */
export function restorePlatformFetch(): void {
  SLOTS.forEach((slot, index) => {
    if (Reflect.get(globalThis, slot) !== before[index]) {
      // The slots are writable, but cannot be deleted; empty ones are filled at the next use.
      Reflect.set(globalThis, slot, before[index]);
    }
  });
}
