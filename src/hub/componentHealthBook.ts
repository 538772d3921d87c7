import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { ClusterPersona } from '../persona/clusterPersona';
import { addonHealth, nodeHealth, type AddonHealth } from '../persona/health';
import type { ComponentHealth, ComponentKey } from '../protocol/component';
import type { Health } from '../protocol/summaryRow';
import type { PersonaObserver } from './personaObserver';
import type { PersonaChange, Source } from './source';

export interface ComponentHealthBookOptions {
  readonly clock: Clock;
  /** Whether somebody listens to the components of this kind of a source: else nothing is told of them. */
  readonly isWanted: (kind: ComponentKind, source: string) => boolean;
  readonly onChanged: (key: ComponentKey) => void;
}

type ComponentKind = ComponentKey['kind'];
const KINDS: readonly ComponentKind[] = ['node', 'addon'];

/** Told in one turn of the event loop; the rest of what changed at once has its turns after. */
const TOLD_AT_ONCE = 250;

/** A persona as it was when it was told last. */
interface KnownPersona {
  persona: ClusterPersona;
  /** By kind and name, when it changed; components that never did are not among them. */
  since: Map<string, number> | undefined;
}

/**
 * The health of each node and each installed add-on, and since when it is so. Nothing is kept of a component but the time of
 * its last change: what it was before is read from the persona that was told before. A change costs as much as its persona
 * has components, and is told to those who listen, of several thousands at once by turns.
 *
 * Components that come and go with their persona are not told of: the persona's own event says that.
 */
export class ComponentHealthBook implements PersonaObserver, Disposable {
  readonly #options: ComponentHealthBookOptions;
  readonly #sources = new Map<string, Map<string, KnownPersona>>();
  /** Changed and not told yet, by source and persona; of each component once. */
  readonly #untold = new Map<string, ComponentKey>();
  #turn: Disposable | undefined;

  constructor(options: ComponentHealthBookOptions) {
    this.#options = options;
  }

  /** What is known of one persona's components; `undefined` where it was not told of it. */
  list(source: string, name: string): ComponentHealth[] | undefined {
    const known = this.#sources.get(source)?.get(name);
    if (known === undefined) {
      return undefined;
    }
    return KINDS.flatMap((kind) =>
      [...healthByName(known.persona, kind)].map(([component, health]) => {
        const since = known.since?.get(idOf(kind, component));
        return { kind, component, health, ...(since === undefined ? {} : { since }) };
      }),
    );
  }

  personaChanged(source: Source, { type, name }: PersonaChange): void {
    if (type === 'deleted' || type === 'forgotten') {
      const personas = this.#sources.get(source.id);
      personas?.delete(name);
      if (personas?.size === 0) {
        this.#sources.delete(source.id);
      }
      return;
    }
    const persona = source.persona(name);
    if (persona === undefined) {
      return;
    }
    let personas = this.#sources.get(source.id);
    if (personas === undefined) {
      personas = new Map();
      this.#sources.set(source.id, personas);
    }
    const known = personas.get(name);
    if (known === undefined) {
      personas.set(name, { persona, since: undefined });
      return;
    }
    const before = known.persona;
    known.persona = persona;
    for (const kind of KINDS) {
      const changed = this.#changesOf(known, kind, before);
      if (changed.length > 0 && this.#options.isWanted(kind, source.id)) {
        this.#tell(changed.map((component) => ({ source: source.id, name, kind, component })));
      }
    }
  }

  stateChanged(): void {
    // What was told of a source's personas stays as it was told.
  }

  sourceRemoved(source: Source): void {
    this.#sources.delete(source.id);
  }

  dispose(): void {
    this.#turn?.dispose();
    this.#turn = undefined;
    this.#untold.clear();
    this.#sources.clear();
  }

  /** The components of a kind that are not as they were, those that came and went included. */
  #changesOf(known: KnownPersona, kind: ComponentKind, before: ClusterPersona): string[] {
    const { persona } = known;
    if (isSameAtSight(before, persona, kind)) {
      return [];
    }
    const wasListed = isListed(before, kind);
    const healthBefore = healthByName(before, kind);
    const healthNow = healthByName(persona, kind);
    const nowMs = this.#options.clock.now();
    const changed: string[] = [];
    for (const [component, health] of healthNow) {
      if (healthBefore.get(component) !== health) {
        // Where no list was, what is listed now may have been so for long.
        if (wasListed) {
          known.since ??= new Map();
          known.since.set(idOf(kind, component), nowMs);
        }
        changed.push(component);
      }
    }
    for (const component of healthBefore.keys()) {
      if (!healthNow.has(component)) {
        known.since?.delete(idOf(kind, component));
        changed.push(component);
      }
    }
    return changed;
  }

  #tell(keys: readonly ComponentKey[]): void {
    for (const key of keys.slice(0, TOLD_AT_ONCE)) {
      this.#options.onChanged(key);
    }
    for (const key of keys.slice(TOLD_AT_ONCE)) {
      // Names have any characters: as JSON no two keys are the same text.
      this.#untold.set(JSON.stringify([key.source, key.name, key.kind, key.component]), key);
    }
    this.#tellInTurns();
  }

  #tellInTurns(): void {
    if (this.#untold.size === 0 || this.#turn !== undefined) {
      return;
    }
    this.#turn = this.#options.clock.schedule(0, () => {
      this.#turn?.dispose();
      this.#turn = undefined;
      let left = TOLD_AT_ONCE;
      for (const [id, key] of this.#untold) {
        this.#untold.delete(id);
        this.#options.onChanged(key);
        left -= 1;
        if (left === 0) {
          break;
        }
      }
      this.#tellInTurns();
    });
  }
}

/** Whether two lists are the same components in the same order and health: what nearly all changes leave so. */
function isSameAtSight(before: ClusterPersona, now: ClusterPersona, kind: ComponentKind): boolean {
  return kind === 'node'
    ? isSameList(before.status?.nodes, now.status?.nodes, nodeHealth)
    : isSameList(before.status?.addons, now.status?.addons, addonHealth);
}

function isSameList<T extends { readonly name: string }>(
  before: readonly T[] = [],
  now: readonly T[] = [],
  healthOf: (component: T) => AddonHealth,
): boolean {
  return (
    before.length === now.length &&
    now.every((component, index) => {
      const other = before[index];
      return other !== undefined && other.name === component.name && healthOf(other) === healthOf(component);
    })
  );
}

function isListed(persona: ClusterPersona, kind: ComponentKind): boolean {
  return (kind === 'node' ? persona.status?.nodes : persona.status?.addons) !== undefined;
}

function healthByName(persona: ClusterPersona, kind: ComponentKind): Map<string, Health> {
  return kind === 'node'
    ? worstByName(persona.status?.nodes, nodeHealth)
    : worstByName(persona.status?.addons, addonHealth);
}

const WORST_FIRST: readonly Health[] = ['error', 'warning', 'unknown', 'ok'];

/** A name that is listed twice is one component: nobody could tell which of them is well. */
function worstByName<T extends { readonly name: string }>(
  components: readonly T[] = [],
  healthOf: (component: T) => AddonHealth,
): Map<string, Health> {
  const healths = new Map<string, Health>();
  for (const component of components) {
    const health = healthOf(component);
    if (health !== 'notInstalled') {
      const other = healths.get(component.name) ?? health;
      const isWorse = WORST_FIRST.indexOf(health) < WORST_FIRST.indexOf(other);
      healths.set(component.name, isWorse ? health : other);
    }
  }
  return healths;
}

function idOf(kind: ComponentKind, component: string): string {
  return `${kind}/${component}`;
}
