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

/** How far the clocks of two hubs are apart at most. */
const MAX_SKEW_MS = 5_000;

/** Remembers of one source what a Store cannot tell: what was deleted, and whether its ResourceVersions began anew. */
export class SourceHistory {
  readonly #tombstones = new TombstoneLog();
  /** Where what is remembered begins. */
  #begin: { readonly version: string; readonly atMs: number } | undefined;
  /** Of the last list, or up to where it was told. */
  #last: string | undefined;

  /** A list of this version is about to be told at wall time `nowMs`, where everything was told up to `told` before. */
  listed(version: string, told: string | undefined, nowMs: number): void {
    const before = told ?? this.#last;
    this.#last = version;
    const order = before === undefined ? undefined : compareResourceVersions(version, before);
    const isAnew = before !== undefined && (order === undefined || order < 0);
    if (isAnew || !this.#tombstones.isOpen) {
      this.#tombstones.open(version);
      this.#begin = { version, atMs: nowMs };
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
    if (from.epoch !== now.epoch || this.#isOfAnotherHistory(from, 0)) {
      return { type: 'unknown' };
    }
    const order = compareResourceVersions(from.version, now.version);
    if (order !== undefined && order > 0) {
      return { type: 'behind' };
    }
    // Until then it may also be that the clocks are apart, and it is worth waiting for.
    const isKnown = order !== undefined && !this.#isOfAnotherHistory(from, MAX_SKEW_MS);
    const deleted = isKnown ? this.#tombstones.since(from.version) : undefined;
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

  /**
   * A cluster that was restored counts its ResourceVersions anew, and each hub notices for itself, or began afterwards. What is
   * beyond where this one began and was proven before it did is of before that: no other hub could know it otherwise.
   */
  #isOfAnotherHistory({ version, provenAt }: StatePosition, skewMs: number): boolean {
    const begin = this.#begin;
    return (
      begin !== undefined &&
      provenAt < begin.atMs + skewMs &&
      (compareResourceVersions(version, begin.version) ?? 1) > 0
    );
  }
}
