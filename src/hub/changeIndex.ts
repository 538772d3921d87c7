import type { PersonaKey } from '../protocol/summaryRow';

/**
 * Departures remembered at least. Whoever asks from before the oldest gets everything again: 1,000 keys of some 60 bytes
 * are 60 kB, and a view that missed more is cheaper to fill anew.
 */
const MIN_TOMBSTONES = 1_000;

export interface Change {
  readonly key: PersonaKey;
  readonly version: number;
  readonly isRemoval: boolean;
}

export type ChangesSince =
  | { readonly reset: true }
  | {
      readonly reset: false;
      readonly changed: readonly PersonaKey[];
      readonly removed: readonly PersonaKey[];
    };

/**
 * Numbers every change of every persona, so that a list can be answered with what changed since the last one. Versions
 * are opaque to everybody else and void in another instance. An answer costs what changed since, not what exists.
 */
export class ChangeIndex {
  readonly #instance: string;
  /** Every change in order; those overtaken by a later one of the same key stay until the next compaction. */
  #log: Change[] = [];
  readonly #latest = new Map<string, Change>();
  #removals = 0;
  #version = 0;
  /** Removals up to this version are forgotten. */
  #floor = 0;

  constructor(instance: string) {
    this.#instance = instance;
  }

  get version(): string {
    return `${this.#instance}-${this.#version}`;
  }

  /** The number of the last change; later ones have higher numbers. */
  get last(): number {
    return this.#version;
  }

  changed(key: PersonaKey): void {
    this.#append(key, false);
  }

  removed(key: PersonaKey): void {
    this.#append(key, true);
  }

  since(version: string): ChangesSince {
    const from = this.#parse(version);
    const changes = from === undefined ? undefined : this.after(from);
    if (changes === undefined) {
      return { reset: true };
    }
    const changed: PersonaKey[] = [];
    const removed: PersonaKey[] = [];
    for (const { key, isRemoval } of changes) {
      (isRemoval ? removed : changed).push(key);
    }
    return { reset: false, changed, removed };
  }

  /** The last change of each persona that has one after this number, in order; undefined where some are forgotten. */
  after(number: number): readonly Change[] | undefined {
    if (number < this.#floor) {
      return undefined;
    }
    const changes: Change[] = [];
    for (let index = this.#firstAfter(number); index < this.#log.length; index += 1) {
      const change = this.#log[index];
      if (change !== undefined && this.#latest.get(keyId(change.key)) === change) {
        changes.push(change);
      }
    }
    return changes;
  }

  #append(key: PersonaKey, isRemoval: boolean): void {
    this.#version += 1;
    const id = keyId(key);
    const change = { key, version: this.#version, isRemoval };
    this.#removals += Number(isRemoval) - Number(this.#latest.get(id)?.isRemoval === true);
    this.#latest.set(id, change);
    this.#log.push(change);
    // Compacting when half of the log is overtaken or forgettable costs a constant a change.
    const live = this.#latest.size - this.#removals;
    if (this.#log.length > 2 * (live + MIN_TOMBSTONES)) {
      this.#compact();
    }
  }

  #compact(): void {
    let forget = Math.max(0, this.#removals - MIN_TOMBSTONES);
    this.#log = this.#log.filter((change) => {
      const id = keyId(change.key);
      if (this.#latest.get(id) !== change) {
        return false;
      }
      if (change.isRemoval && forget > 0) {
        forget -= 1;
        this.#removals -= 1;
        this.#latest.delete(id);
        this.#floor = change.version;
        return false;
      }
      return true;
    });
  }

  /** Binary search: the log is ordered by version. */
  #firstAfter(version: number): number {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle]?.version ?? 0) <= version) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #parse(version: string): number | undefined {
    const prefix = `${this.#instance}-`;
    const digits = version.startsWith(prefix) ? version.slice(prefix.length) : '';
    if (!/^\d{1,15}$/.test(digits)) {
      return undefined;
    }
    const number = Number(digits);
    return number <= this.#version ? number : undefined;
  }
}

/** The length tells where the source ends, whatever is in it. */
function keyId({ source, name }: PersonaKey): string {
  return `${source.length}/${source}/${name}`;
}
