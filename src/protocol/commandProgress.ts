import * as v from 'valibot';
import { problemSchema } from './problem';

/**
 * Commands that take long enough to be watched.
 * - `refresh`: every connected source is asked to prove itself
 * - `diagnose`: the connection of one source is examined, check by check
 * - `saveDiagnosis`: a diagnosis is written into a file, which may be on another machine
 */
const LONG_COMMANDS = ['refresh', 'diagnose', 'saveDiagnosis'] as const;
const longCommandSchema = v.picklist(LONG_COMMANDS);
export type LongCommand = v.InferOutput<typeof longCommandSchema>;

/**
 * How far a command is. The last step of a run is `done`, `failed` or `cancelled`.
 */
export const commandStepSchema = v.object({
  /** Of this run: the same command run twice has two. */
  id: v.string(),
  command: longCommandSchema,
  /** The source that it is about; absent where it is about several, or none. */
  source: v.exactOptional(v.string()),
  state: v.picklist(['running', 'done', 'failed', 'cancelled']),
  /** 0 to 1, and never less than before; absent where it is not known how much there is to do. */
  fraction: v.exactOptional(v.number()),
  /** How many of `total` things are done, where it is things that are worked off. */
  done: v.exactOptional(v.number()),
  total: v.exactOptional(v.number()),
  /** What is being done, for example the label of a source. */
  subject: v.exactOptional(v.string()),
  /** Why it failed. */
  problem: v.exactOptional(problemSchema),
});
export type CommandStep = Readonly<v.InferOutput<typeof commandStepSchema>>;
