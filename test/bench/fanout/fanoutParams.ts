import * as v from 'valibot';

/** What a hub, or what it is compared with, is started with. */
export const serveParams = v.object({
  kubeconfig: v.string(),
  /** Further arguments of the hub's command line. */
  args: v.array(v.string()),
});

/** Since `begin`. */
export const serverMeasurement = v.object({
  cpuMs: v.number(),
  /** The most that was seen, in bytes; looked at every 50 ms. */
  peakRss: v.number(),
});
export type ServerMeasurement = Readonly<v.InferOutput<typeof serverMeasurement>>;

/**
 * How a client speaks.
 * - `compat`: the compatible face, which nothing is said to
 * - `own`: the own face; subscribed to all that the editor's extension is, and giving back credits as that does
 */
const speechSchema = v.picklist(['compat', 'own']);
export type Speech = v.InferOutput<typeof speechSchema>;

export const openParams = v.object({
  /** Of the server: http or https. */
  url: v.string(),
  count: v.number(),
  speech: speechSchema,
});

/** Whom to count from now on, whether they are there already or not. */
export const expectParams = v.object({ names: v.array(v.string()), clients: v.number() });

/** What clients were told of some personas since `expect`. */
export const toldSchema = v.object({
  /** Of all clients, the one that was told of the fewest of them. */
  fewest: v.number(),
  /** Times that any client was told of a persona, expected or not. */
  events: v.number(),
  /** Connections that ended. */
  broken: v.number(),
});

/** For each persona, in the order of `expect`, when each client was first told of it; NaN where it never was. */
export const arrivalsSchema = v.array(v.instance(Float64Array));
