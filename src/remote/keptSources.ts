import type { Logger } from '../base/logger';
import { oneLine } from '../base/oneLine';
import type { Hub } from '../hub/hub';
import type { SourceDefinition } from '../hub/source';

/** A name; more of it tells nobody more. */
const MAX_NAME_CHARS = 200;

/** The sources of one hub that are followed, in the hub that follows them. */
export class KeptSources {
  readonly #hub: Hub;
  readonly #logger: Logger;
  /** Of those alone that were added here. */
  readonly #labels = new Map<string, string>();
  /** Ids that were somebody else's when it was said last. */
  #taken: ReadonlySet<string> = new Set();

  constructor(hub: Hub, logger: Logger) {
    this.#hub = hub;
    this.#logger = logger;
  }

  get ids(): readonly string[] {
    return [...this.#labels.keys()];
  }

  has(id: string): boolean {
    return this.#labels.has(id);
  }

  /**
   * Puts these in place of those that there were; what stays is left alone. One whose id is that of a source which somebody else
   * added is left out: a hub chooses what its ids are made of, and must not get at the sources of others by it.
   */
  keep(definitions: readonly SourceDefinition[]): void {
    const wanted = new Map(definitions.map((definition) => [definition.id, definition]));
    for (const [id, label] of this.#labels) {
      if (wanted.get(id)?.label !== label) {
        this.#labels.delete(id);
        this.#hub.removeSource(id);
      }
    }
    const taken = new Set<string>();
    for (const [id, definition] of wanted) {
      if (this.#labels.has(id)) {
        continue;
      }
      if (this.#hub.source(id) !== undefined) {
        taken.add(id);
        this.#warnOfTaken(definition);
        continue;
      }
      const source = this.#hub.addSource(definition);
      this.#labels.set(id, definition.label);
      source.connect();
    }
    this.#taken = taken;
  }

  #warnOfTaken({ id, label, place = 'a hub' }: SourceDefinition): void {
    if (!this.#taken.has(id)) {
      const name = oneLine(`${label} of ${place}`, MAX_NAME_CHARS);
      this.#logger.warn(`${name} is left out: another source has the same id`);
    }
  }
}
