/**
 * The personas of one source that listeners were told of, as they were told. An informer's Store is ahead of this while a
 * long list is told in slices.
 */
export class ToldPersonas {
  readonly #isUnhealthy = new Map<string, boolean>();
  #unhealthyCount = 0;

  get unhealthyCount(): number {
    return this.#unhealthyCount;
  }

  names(): Iterable<string> {
    return this.#isUnhealthy.keys();
  }

  set(name: string, isUnhealthy: boolean): void {
    this.#unhealthyCount += Number(isUnhealthy) - Number(this.#isUnhealthy.get(name) ?? false);
    this.#isUnhealthy.set(name, isUnhealthy);
  }

  delete(name: string): void {
    this.#unhealthyCount -= Number(this.#isUnhealthy.get(name) ?? false);
    this.#isUnhealthy.delete(name);
  }

  clear(): void {
    this.#isUnhealthy.clear();
    this.#unhealthyCount = 0;
  }
}
