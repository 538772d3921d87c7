import * as v from 'valibot';
import { hubEventSchema, type HubEvent } from '../protocol/hubEvent';
import { decode, serverMessageSchema, type ServerMessage } from '../protocol/messages';

/**
 * What one message of the server comes down to.
 * - `events`: those that were understood; `isIncomplete` when one of a known type was not, so that something was missed
 * - `spoiled`: an answer to request `id` that cannot be read
 * - `ignored`: of a type this version does not know, or no message at all
 */
export type ServerFrame =
  | { readonly type: 'message'; readonly message: Exclude<ServerMessage, { type: 'events' }> }
  | { readonly type: 'events'; readonly events: readonly HubEvent[]; readonly isIncomplete: boolean }
  | { readonly type: 'spoiled'; readonly id: number; readonly detail: string }
  | { readonly type: 'ignored'; readonly detail: string };

const eventsEnvelope = v.object({ type: v.literal('events'), events: v.array(v.unknown()) });
const answerEnvelope = v.object({ type: v.picklist(['response', 'error']), id: v.number() });

/** Reads an untrusted message. One bad event does not take the others of its frame with it. */
export function decodeServerFrame(data: unknown): ServerFrame {
  const envelope = v.safeParse(eventsEnvelope, data);
  if (envelope.success) {
    return decodeEvents(envelope.output.events);
  }
  const decoded = decode(serverMessageSchema, data);
  if (decoded.ok) {
    // An `events` message would have fitted its envelope.
    return decoded.value.type === 'events'
      ? { type: 'events', events: decoded.value.events, isIncomplete: false }
      : { type: 'message', message: decoded.value };
  }
  const { detail } = decoded.problem;
  const answer = v.safeParse(answerEnvelope, data);
  return answer.success ? { type: 'spoiled', id: answer.output.id, detail } : { type: 'ignored', detail };
}

function decodeEvents(candidates: readonly unknown[]): ServerFrame {
  const events: HubEvent[] = [];
  let isIncomplete = false;
  for (const candidate of candidates) {
    const decoded = decode(hubEventSchema, candidate);
    if (decoded.ok) {
      events.push(decoded.value);
    } else if (decoded.problem.code !== 'unknownMessage') {
      isIncomplete = true;
    }
  }
  return { type: 'events', events, isIncomplete };
}
