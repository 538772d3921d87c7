import * as v from 'valibot';

/** The file in the measured extension's folder to which each start appends a line. */
export const ACTIVATIONS_FILE = 'activations.jsonl';

/** What one start of the extension cost its extension host; CPU time is that of the whole process, all threads. */
export const activationSchema = v.object({
  /** From the bundle's first line until `activate()` resolved. */
  cpuMs: v.number(),
  /** Of it, until the bundle was loaded. */
  loadCpuMs: v.number(),
  /** Of it, within `activate()`. The rest is what VS Code does between the two. */
  activateCpuMs: v.number(),
  wallMs: v.number(),
  /** CPU time of work that is always the same, in the same process right afterwards. */
  controlCpuMs: v.number(),
});
export type Activation = Readonly<v.InferOutput<typeof activationSchema>>;
