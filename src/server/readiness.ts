import type { Hub } from '../hub/hub';
import type { SourceState } from '../protocol/sourceState';

/** Whether the hub should be asked, and why not. */
export interface Readiness {
  readonly isReady: boolean;
  readonly reason: string;
}

/**
 * Ready is a hub whose first lists were all read or have failed, as long as at least one cluster answers: one that lost all of
 * them has only old data, and another replica may have newer.
 */
export class ReadinessProbe {
  readonly #hub: Hub;
  readonly #obstacle: () => string | undefined;
  /** Sources whose first attempt has not ended. */
  readonly #awaited: Set<string>;

  /** To be made when all sources were added, before they are connected. `obstacle`: what else keeps clients from being served. */
  constructor(hub: Hub, obstacle: () => string | undefined = () => undefined) {
    this.#hub = hub;
    this.#obstacle = obstacle;
    this.#awaited = new Set(hub.sources().map(({ id }) => id));
  }

  look(): Readiness {
    for (const id of this.#awaited) {
      const source = this.#hub.source(id);
      if (source === undefined || source.hasBeenRead || hasEnded(source.status().state)) {
        this.#awaited.delete(id);
      }
    }
    if (this.#awaited.size > 0) {
      return { isReady: false, reason: `clusters that are still being read: ${this.#awaited.size}` };
    }
    const obstacle = this.#obstacle();
    if (obstacle !== undefined) {
      return { isReady: false, reason: obstacle };
    }
    const isAnswered = this.#hub.sources().some((source) => isAnswering(source.status().state));
    return isAnswered
      ? { isReady: true, reason: 'ready' }
      : { isReady: false, reason: 'no cluster can be reached' };
  }
}

function hasEnded({ type }: SourceState): boolean {
  return type !== 'idle' && type !== 'connecting' && type !== 'syncing';
}

function isAnswering({ type }: SourceState): boolean {
  switch (type) {
    case 'live':
    case 'syncing':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return true;
    case 'idle':
    case 'connecting':
    case 'stale':
    case 'reconnecting':
    case 'failed':
    case 'paused':
      return false;
    default:
      return type satisfies never;
  }
}
