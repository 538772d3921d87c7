import { compareResourceVersions } from '../informer/resourceVersion';
import type { ReadonlyStore } from '../informer/store';
import type { StatePosition } from './cursor';
import { TombstoneLog } from './tombstoneLog';

/**
 * What happened to a source's personas after a position.
 * - `known`: no other than these are different; some may not be, and one that is not held any more is gone
 * - `behind`: the position is ahead of what was told here; it may be reached yet
 * - `unknown`: it cannot be told
 */
export type StateSince =
  | { readonly type: 'known'; readonly names: readonly string[] }
  | { readonly type: 'behind' }
  | { readonly type: 'unknown' };

/** Remembers of one source what a Store cannot tell: what was deleted, and whether its ResourceVersions began anew. */
export class SourceHistory {
  readonly #tombstones = new TombstoneLog();
  #generation = 0;
  /** Of the last list, or up to where it was told. */
  #last: string | undefined;

  get generation(): number {
    return this.#generation;
  }

  /** A list of this version is about to be told, where everything was told up to `told` before. */
  listed(version: string, told: string | undefined): void {
    const before = told ?? this.#last;
    this.#last = version;
    const order = before === undefined ? undefined : compareResourceVersions(version, before);
    const isAnew = before !== undefined && (order === undefined || order < 0);
    if (isAnew) {
      this.#generation += 1;
    }
    if (isAnew || !this.#tombstones.isOpen) {
      this.#tombstones.open(version);
    } else if (before !== undefined && version !== before) {
      this.#tombstones.skip(before, version);
    }
  }

  /** `version` is undefined where it is not known when; nothing from before can then be told. */
  deleted(name: string, version: string | undefined): void {
    if (version === undefined) {
      this.#tombstones.close();
    } else {
      this.#tombstones.add(name, version);
    }
  }

  /** Nothing is followed any more, or it is another cluster; everything was told up to `told`. */
  ended(told: string | undefined): void {
    this.#last = told ?? this.#last;
    this.#tombstones.close();
  }

  /** `now` is up to where everything was told here; `store` may be ahead of it. Costs what the store holds. */
  since(from: StatePosition, now: StatePosition | undefined, store: ReadonlyStore): StateSince {
    if (now === undefined) {
      return { type: 'behind' };
    }
    if (from.epoch !== now.epoch || from.generation !== now.generation) {
      return { type: 'unknown' };
    }
    const order = compareResourceVersions(from.version, now.version);
    if (order !== undefined && order > 0) {
      return { type: 'behind' };
    }
    const deleted = order === undefined ? undefined : this.#tombstones.since(from.version);
    if (deleted === undefined) {
      return { type: 'unknown' };
    }
    const names = new Set(deleted);
    for (const { metadata } of store.values()) {
      const { name, resourceVersion } = metadata;
      // Without a version that can be compared, nobody knows.
      if (
        resourceVersion === undefined ||
        (compareResourceVersions(resourceVersion, from.version) ?? 1) > 0
      ) {
        names.add(name);
      }
    }
    return { type: 'known', names: [...names] };
  }
}
