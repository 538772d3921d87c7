import * as v from 'valibot';

/**
 * What a connection over a network says beside the messages of the protocol: it is handled where the connection is, and
 * neither a session nor a client ever sees it.
 */

/** The first message of the server. `auth` is `required` where the client has to send {@link authMessageSchema} first. */
export const transportHelloSchema = v.object({
  type: v.literal('greeting'),
  version: v.number(),
  /** What the server can do beyond the protocol's version; unknown ones mean nothing. */
  features: v.array(v.string()),
  /** How often a heartbeat comes, in milliseconds. */
  heartbeatMs: v.pipe(v.number(), v.minValue(1)),
  auth: v.picklist(['none', 'required', 'done']),
});
export type TransportHello = Readonly<v.InferOutput<typeof transportHelloSchema>>;

/** Who the client is; may be sent again at any time to renew it. */
export const authMessageSchema = v.object({ type: v.literal('auth'), token: v.string() });
export type AuthMessage = Readonly<v.InferOutput<typeof authMessageSchema>>;

/** Sent by the server so that a client, which may not see pings, knows that the connection works. */
export const heartbeatSchema = v.object({ type: v.literal('heartbeat') });
export type Heartbeat = Readonly<v.InferOutput<typeof heartbeatSchema>>;

/** The server is about to close the connection. */
export const goodbyeSchema = v.object({
  type: v.literal('goodbye'),
  /** One technical line, in English. */
  reason: v.string(),
  /** How long the client is to stay away, in milliseconds. */
  retryAfterMs: v.number(),
});
export type Goodbye = Readonly<v.InferOutput<typeof goodbyeSchema>>;
