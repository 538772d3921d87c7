import { toDisposable, type Disposable } from '../base/disposable';
import { scopeOfPattern } from '../protocol/topics';

const ANY = '*';

/**
 * Which topics somebody listens to, as far as kind and source tell: what nobody listens to need not be told, and with
 * thousands of sources nearly all of it is that. Asking costs a constant.
 */
export class TopicInterest {
  /** By kind, then by source. Ids of sources are never empty, nor a star. */
  readonly #counts = new Map<string, Map<string, number>>();

  /** The result ends the interest. */
  add(patterns: readonly string[]): Disposable {
    const scopes = patterns.flatMap((pattern) => scopeOfPattern(pattern) ?? []);
    for (const { kind = ANY, source = ANY } of scopes) {
      this.#change(kind, source, 1);
    }
    return toDisposable(() => {
      for (const { kind = ANY, source = ANY } of scopes) {
        this.#change(kind, source, -1);
      }
    });
  }

  /** Whether somebody may listen to a topic of this kind and source. */
  has(kind: string, source: string): boolean {
    return this.#counts.size > 0 && (this.#hasKind(kind, source) || this.#hasKind(ANY, source));
  }

  #hasKind(kind: string, source: string): boolean {
    const sources = this.#counts.get(kind);
    return sources !== undefined && (sources.has(source) || sources.has(ANY));
  }

  #change(kind: string, source: string, by: 1 | -1): void {
    const sources = this.#counts.get(kind) ?? new Map<string, number>();
    const count = (sources.get(source) ?? 0) + by;
    if (count > 0) {
      sources.set(source, count);
    } else {
      sources.delete(source);
    }
    if (sources.size > 0) {
      this.#counts.set(kind, sources);
    } else {
      this.#counts.delete(kind);
    }
  }
}
