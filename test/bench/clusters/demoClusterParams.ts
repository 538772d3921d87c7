import * as v from 'valibot';

/** What demoClusterProgram is asked to serve. */
export const serveDemoParams = v.object({
  clusters: v.number(),
  /** In each. */
  personas: v.number(),
  /** PEM. Without it: plain HTTP. */
  tls: v.exactOptional(v.object({ certificate: v.string(), key: v.string() })),
});
