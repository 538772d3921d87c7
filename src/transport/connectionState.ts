import type { Problem } from '../protocol/problem';
import type { HubRouteKind } from './hubConnection';

/**
 * How the connection to a hub is.
 * - `idle`: not wanted
 * - `connecting`: the first attempt, or the one that the user asked for
 * - `open`: the hub serves this client; with `problem` not by the best route, which does not work because of it
 * - `reconnecting`: the last attempt failed, or the connection was lost; the next attempt is at `retryAt` in wall
 *   milliseconds, or under way once that has passed. `attempt` counts those since it was last open for a while
 * - `unauthorized`, `forbidden`: nothing is tried before the credentials change or the user asks for it
 * - `failed`: nothing is tried before the user asks for it
 */
export type ConnectionState =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting' }
  | { readonly type: 'open'; readonly route: HubRouteKind; readonly problem?: Problem }
  | {
      readonly type: 'reconnecting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly problem: Problem;
    }
  | { readonly type: 'unauthorized'; readonly problem: Problem }
  | { readonly type: 'forbidden'; readonly problem: Problem }
  | { readonly type: 'failed'; readonly problem: Problem };
