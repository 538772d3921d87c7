import { compareResourceVersions } from '../informer/resourceVersion';

/** Deletions remembered at least: 1,000 names of some 60 bytes are 60 kB, and who missed more is cheaper to fill anew. */
const MIN_TOMBSTONES = 1_000;

/** Gaps remembered; before the oldest nothing is known. */
const MAX_GAPS = 100;

interface Tombstone {
  readonly name: string;
  readonly version: string;
}

/** Between these versions, themselves not included, nobody watched. */
interface Gap {
  readonly from: string;
  readonly to: string;
}

/**
 * What was deleted from one source and when, in ResourceVersions. It knows of nothing before its floor, nor of what came and
 * went within a gap: whoever asks from there learns that, and not less than there was. An answer costs what was deleted
 * since, not what exists.
 */
export class TombstoneLog {
  #floor: string | undefined;
  /** In the order of their versions. */
  #tombstones: Tombstone[] = [];
  #gaps: Gap[] = [];

  get isOpen(): boolean {
    return this.#floor !== undefined;
  }

  /** Forgets everything; from `version` on every deletion will be told. */
  open(version: string): void {
    this.#floor = version;
    this.#tombstones = [];
    this.#gaps = [];
  }

  /** Forgets everything, and will not be told of every deletion until it is opened again. */
  close(): void {
    this.#floor = undefined;
    this.#tombstones = [];
    this.#gaps = [];
  }

  /**
   * After `from` nobody watched until everything was listed at `to`. What was there before and is not any more will be
   * added; what came and went meanwhile is never known.
   */
  skip(from: string, to: string): void {
    this.#gaps.push({ from, to });
    if (this.#gaps.length > MAX_GAPS) {
      this.#raiseFloor(this.#gaps.shift()?.to ?? to);
    }
  }

  /** `version` is that of the deletion or, of one that was inferred, of the list that lacked the object. */
  add(name: string, version: string): void {
    if (this.#floor === undefined) {
      return;
    }
    this.#tombstones.push({ name, version });
    // Cutting at twice the number costs a constant a deletion.
    if (this.#tombstones.length > 2 * MIN_TOMBSTONES) {
      const forgotten = this.#tombstones.length - MIN_TOMBSTONES;
      this.#raiseFloor(this.#tombstones[forgotten - 1]?.version ?? version);
      this.#tombstones = this.#tombstones.slice(forgotten);
    }
  }

  #raiseFloor(version: string): void {
    if (this.#floor !== undefined && (compareResourceVersions(version, this.#floor) ?? 1) > 0) {
      this.#floor = version;
    }
  }

  /** The names deleted after `version`, some perhaps twice or there again; undefined where that is not known. */
  since(version: string): readonly string[] | undefined {
    const order = this.#floor === undefined ? undefined : compareResourceVersions(version, this.#floor);
    if (order === undefined || order < 0 || this.#gaps.some((gap) => isWithin(version, gap))) {
      return undefined;
    }
    const names: string[] = [];
    for (let index = this.#tombstones.length - 1; index >= 0; index -= 1) {
      const tombstone = this.#tombstones[index];
      if (tombstone === undefined || (compareResourceVersions(tombstone.version, version) ?? 1) <= 0) {
        break;
      }
      names.push(tombstone.name);
    }
    return names.reverse();
  }
}

function isWithin(version: string, { from, to }: Gap): boolean {
  return (
    (compareResourceVersions(version, from) ?? 1) > 0 && (compareResourceVersions(version, to) ?? -1) < 0
  );
}
