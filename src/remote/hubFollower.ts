import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { SourceDefinition } from '../hub/source';
import type { ConnectionState } from '../transport/connectionState';

/**
 * - `hub`: it speaks the protocol of hubs
 * - `platform`: it knows the Dorgu platform's own interface alone
 */
export type HubKind = 'hub' | 'platform';

/** Keeps a connection to one hub, and knows which sources it has. */
export interface HubFollower extends Disposable {
  readonly kind: HubKind;
  /** `open` once the hub answers as it should. */
  readonly state: ConnectionState;
  readonly onStateChanged: Event<ConnectionState>;
  /** All sources that the hub has now, whenever there are others; what it had before it was lost stays. */
  readonly onSourcesChanged: Event<readonly SourceDefinition[]>;
  /** The hub said how much it has: sources, or of a platform ClusterPersonas. */
  readonly onListed: Event<number>;
  /** Begins to keep a connection. */
  start(): void;
  /** The user asks. */
  retryNow(): void;
}
