import { isRecord, type JsonRecord } from '../../base/jsonRecord';

/**
 * One step of a path as FieldsV1 writes it: `f:` and a field's name, `k:` and the keys of a list item as JSON, or `v:` and
 * the item of a set as JSON.
 */
export type PathElement = string;

const MEMBER = '.';

/**
 * A set of fields of an object, as a tree: a field may be in the set without those below it, and the other way round. The
 * terms are those of sigs.k8s.io/structured-merge-diff.
 */
export class FieldSet {
  readonly #children = new Map<PathElement, FieldSet>();
  #isMember = false;

  /** Reads `fieldsV1`; what is no field there is left out. `undefined` where a list's item is named by no JSON. */
  static fromFieldsV1(fields: unknown): FieldSet | undefined {
    const set = new FieldSet();
    for (const [element, below] of Object.entries(isRecord(fields) ? fields : {})) {
      if (element === MEMBER) {
        set.#isMember = true;
      } else if (/^[fkv]:/.test(element)) {
        const child = isReadable(element) ? FieldSet.fromFieldsV1(below) : undefined;
        if (child === undefined) {
          return undefined;
        }
        child.#isMember ||= child.#children.size === 0;
        set.#children.set(element, child);
      }
    }
    return set;
  }

  get isMember(): boolean {
    return this.#isMember;
  }

  /** Without a member of its own and without children. */
  get isEmpty(): boolean {
    return !this.#isMember && this.#children.size === 0;
  }

  get children(): ReadonlyMap<PathElement, FieldSet> {
    return this.#children;
  }

  insert(path: readonly PathElement[]): void {
    path.reduce<FieldSet>((set, element) => set.#child(element), this).#isMember = true;
  }

  #child(element: PathElement): FieldSet {
    let child = this.#children.get(element);
    if (child === undefined) {
      child = new FieldSet();
      this.#children.set(element, child);
    }
    return child;
  }

  union(other: FieldSet): FieldSet {
    return FieldSet.#combine(
      this,
      other,
      (mine, others) => mine || others,
      (mine, others) => mine?.union(others ?? new FieldSet()) ?? others,
    );
  }

  intersection(other: FieldSet): FieldSet {
    return FieldSet.#combine(
      this,
      other,
      (mine, others) => mine && others,
      (mine, others) => (mine === undefined || others === undefined ? undefined : mine.intersection(others)),
    );
  }

  /** Without the very fields of `other`; those below them stay. */
  difference(other: FieldSet): FieldSet {
    return FieldSet.#combine(
      this,
      other,
      (mine, others) => mine && !others,
      (mine, others) => (others === undefined ? mine : mine?.difference(others)),
    );
  }

  /** Without the fields of `other` and everything below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    return FieldSet.#combine(
      this,
      other,
      (mine, others) => mine && !others,
      (mine, others) =>
        others?.isMember === true
          ? undefined
          : others === undefined
            ? mine
            : mine?.recursiveDifference(others),
    );
  }

  equals(other: FieldSet): boolean {
    return (
      this.#isMember === other.#isMember &&
      this.#children.size === other.#children.size &&
      [...this.#children].every(([element, child]) => other.#children.get(element)?.equals(child) === true)
    );
  }

  /** Calls back with the path of every member, parents first, siblings in the order of their names. */
  forEach(callback: (path: readonly PathElement[]) => void, path: readonly PathElement[] = []): void {
    if (this.#isMember) {
      callback(path);
    }
    for (const [element, child] of this.#sorted()) {
      child.forEach(callback, [...path, element]);
    }
  }

  toFieldsV1(): JsonRecord {
    const fields: Record<string, JsonRecord> = {};
    if (this.#isMember && this.#children.size > 0) {
      fields[MEMBER] = {};
    }
    for (const [element, child] of this.#sorted()) {
      fields[element] = child.toFieldsV1();
    }
    return fields;
  }

  #sorted(): readonly (readonly [PathElement, FieldSet])[] {
    return [...this.#children].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  static #combine(
    mine: FieldSet,
    other: FieldSet,
    isMember: (mine: boolean, other: boolean) => boolean,
    childOf: (mine: FieldSet | undefined, other: FieldSet | undefined) => FieldSet | undefined,
  ): FieldSet {
    const result = new FieldSet();
    result.#isMember = isMember(mine.#isMember, other.#isMember);
    for (const element of new Set([...mine.#children.keys(), ...other.#children.keys()])) {
      const child = childOf(mine.#children.get(element), other.#children.get(element));
      if (child !== undefined && !child.isEmpty) {
        result.#children.set(element, child);
      }
    }
    return result;
  }
}

/** Keys are an object's, the item of a set is any value. */
function isReadable(element: PathElement): boolean {
  if (element.startsWith('f:')) {
    return true;
  }
  try {
    const value: unknown = JSON.parse(element.slice(2));
    return element.startsWith('v:') || isRecord(value);
  } catch {
    return false;
  }
}

/** A set of the fields at these paths, each given by names of fields. */
export function fieldSetOf(...paths: readonly (readonly string[])[]): FieldSet {
  const set = new FieldSet();
  for (const path of paths) {
    set.insert(path.map((name) => `f:${name}`));
  }
  return set;
}

/** `.status.conditions[type="Healthy"].reason`, as conflicts name a field. */
export function pathText(path: readonly PathElement[]): string {
  return path
    .map((element) => {
      const rest = element.slice(2);
      switch (element.slice(0, 2)) {
        case 'k:': {
          const keys: unknown = JSON.parse(rest);
          const pairs = Object.entries(isRecord(keys) ? keys : {});
          return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
        }
        case 'v:':
          return `[=${rest}]`;
        default:
          return `.${rest}`;
      }
    })
    .join('');
}
