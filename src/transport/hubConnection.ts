import type { Event } from '../base/emitter';
import type { Channel } from '../protocol/channel';
import type { CloseReason } from '../protocol/closeReason';
import type { ClientMessage } from '../protocol/messages';
import type { SourceRoute } from '../protocol/sourceState';

/**
 * One connection to a hub, from its first attempt to its end. It begins by itself; messages can be sent once it `isOpen`,
 * and what is sent before is dropped. When `onClose` fires `closeReason` says why; after `dispose` it is undefined.
 */
export interface HubConnection extends Channel<ClientMessage> {
  readonly isOpen: boolean;
  /** Fires once, unless the connection ends before. */
  readonly onOpen: Event<void>;
  /** Fires once, when the other side has shown that it serves this client: an opening that is sent a token is none yet. */
  readonly onAccepted: Event<void>;
  readonly closeReason: CloseReason | undefined;
  /** It may be dead without anybody having noticed, as after sleep: proof that it is not is awaited for a shorter time. */
  doubt(): void;
}

/**
 * - `stream`: events come over a stream of server-sent events, and each request goes by itself
 * - `polling`: everything is asked again now and then, and nothing is told meanwhile
 */
export type HubRouteKind = SourceRoute['type'];

/** One way to reach a hub. */
export interface HubRoute {
  readonly kind: HubRouteKind;
  /** The longest message that it carries, in bytes of UTF-8. */
  readonly maxMessageBytes: number;
  connect(): HubConnection;
}
