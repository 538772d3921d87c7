import type { Hub } from '../hub/hub';
import type { SourceDefinition } from '../hub/source';

/** The sources of one hub that are followed, in the hub that follows them. */
export class KeptSources {
  readonly #hub: Hub;
  readonly #labels = new Map<string, string>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get ids(): readonly string[] {
    return [...this.#labels.keys()];
  }

  has(id: string): boolean {
    return this.#labels.has(id);
  }

  /** Puts these in place of those that there were; what stays is left alone. */
  keep(definitions: readonly SourceDefinition[]): void {
    const wanted = new Map(definitions.map((definition) => [definition.id, definition]));
    for (const [id, label] of this.#labels) {
      if (wanted.get(id)?.label !== label) {
        this.#labels.delete(id);
        this.#hub.removeSource(id);
      }
    }
    for (const [id, definition] of wanted) {
      if (!this.#labels.has(id)) {
        this.#labels.set(id, definition.label);
        this.#hub.addSource(definition).connect();
      }
    }
  }
}
