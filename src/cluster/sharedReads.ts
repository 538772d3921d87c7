/**
 * Reads by name, of which many are asked for at once: those share one. Whoever asks gets what was there then or later:
 * a read that has begun already may have missed what was written since, so all who ask meanwhile share the next one.
 */
export class SharedReads<T> {
  readonly #read: (name: string) => Promise<T>;
  readonly #running = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  constructor(read: (name: string) => Promise<T>) {
    this.#read = read;
  }

  read(name: string): Promise<T> {
    const running = this.#running.get(name);
    if (running === undefined) {
      return this.#begin(name);
    }
    let next = this.#next.get(name);
    if (next === undefined) {
      const begin = (): Promise<T> => {
        this.#next.delete(name);
        return this.#begin(name);
      };
      next = running.then(begin, begin);
      this.#next.set(name, next);
    }
    return next;
  }

  #begin(name: string): Promise<T> {
    const reading = this.#read(name).finally(() => {
      if (this.#running.get(name) === reading) {
        this.#running.delete(name);
      }
    });
    this.#running.set(name, reading);
    return reading;
  }
}
