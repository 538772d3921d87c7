import * as v from 'valibot';

export const followParams = v.object({
  kubeconfig: v.string(),
  /** The persona that the view shows. */
  name: v.string(),
  isToldOfAll: v.boolean(),
});

/** What the host had to do, and what it saw, since `begin`. */
export const hostMeasurement = v.object({
  /** CPU time without that of the view's thread, which is another process in VS Code. */
  cpuMs: v.number(),
  updates: v.number(),
  /** Updates that showed no later write of their object than the one before. */
  outOfOrder: v.number(),
});

/** By name. */
export const resourceVersionsSchema = v.record(v.string(), v.string());
