import * as v from 'valibot';

/** `mixed`: 100 subscribers of all kinds. `few`: 10 that match; `many`: the same 10 among 10,000. */
export const SUBSCRIBERS = ['mixed', 'few', 'many'] as const;

export const routeParams = v.object({
  router: v.picklist(['ours', 'eventemitter2']),
  subscribers: v.picklist(SUBSCRIBERS),
  events: v.number(),
  /** Takes longer than the routing. */
  isMemoryAsked: v.boolean(),
});
export type RouteParams = v.InferOutput<typeof routeParams>;

export const routeMeasurement = v.object({
  cpuMs: v.number(),
  wallMs: v.number(),
  /** Calls of handlers, all of which the other side has to make too. */
  calls: v.number(),
  /** The same work each time: what the machine does to it, it does to the routing. */
  controlMs: v.number(),
  /** Of the router, its subscriptions and what it remembers of topics, after it routed, in bytes. */
  heap: v.exactOptional(v.number()),
});
export type RouteMeasurement = v.InferOutput<typeof routeMeasurement>;
