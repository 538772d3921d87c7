import { compareResourceVersions } from '../informer/resourceVersion';

/** Deletions remembered at least: 1,000 names of some 60 bytes are 60 kB, and who missed more is cheaper to fill anew. */
const MIN_TOMBSTONES = 1_000;

interface Tombstone {
  readonly name: string;
  readonly version: string;
}

/**
 * What was deleted from one source and when, in ResourceVersions. It knows of nothing before its floor: whoever asks from
 * before it learns that, and not less than there was. An answer costs what was deleted since, not what exists.
 */
export class TombstoneLog {
  #floor: string | undefined;
  /** In the order of their versions. */
  #tombstones: Tombstone[] = [];

  get isOpen(): boolean {
    return this.#floor !== undefined;
  }

  /** Forgets everything; from `version` on every deletion will be told. */
  open(version: string): void {
    this.#floor = version;
    this.#tombstones = [];
  }

  /** Forgets everything, and will not be told of every deletion until it is opened again. */
  close(): void {
    this.#floor = undefined;
    this.#tombstones = [];
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
      this.#floor = this.#tombstones[forgotten - 1]?.version ?? version;
      this.#tombstones = this.#tombstones.slice(forgotten);
    }
  }

  /** The names deleted after `version`, some perhaps twice or there again; undefined where that is not known. */
  since(version: string): readonly string[] | undefined {
    const order = this.#floor === undefined ? undefined : compareResourceVersions(version, this.#floor);
    if (order === undefined || order < 0) {
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
