import * as v from 'valibot';
import { chosenFilterSchema, NO_FILTER } from './filterChips';
import { timeModeSchema } from './rowTime';

/** As many kinds of highlight as can be told apart. */
export const RULE_STYLES = 5;

/** A text that always stands out. */
const ruleSchema = v.object({
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  style: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(RULE_STYLES - 1)),
});
export type HighlightRule = Readonly<v.InferOutput<typeof ruleSchema>>;

const findSchema = v.object({
  text: v.string(),
  isRegex: v.boolean(),
  isCaseSensitive: v.boolean(),
});
export type FindText = Readonly<v.InferOutput<typeof findSchema>>;

/** What the user chose in this view. */
export const logsStateSchema = v.object({
  wraps: v.boolean(),
  time: timeModeSchema,
  filter: chosenFilterSchema,
  find: findSchema,
  /** Fields of JSON lines that have a column. */
  columns: v.array(v.string()),
  rules: v.array(ruleSchema),
  /** One pane for each pod. */
  isSplit: v.boolean(),
  /** Of the runs before the present ones. */
  isPrevious: v.boolean(),
  /** When the line at the top was written, while its reader is not at the end. */
  at: v.optional(v.string()),
});
export type LogsState = Readonly<v.InferOutput<typeof logsStateSchema>>;

export const INITIAL_LOGS_STATE: LogsState = {
  wraps: true,
  time: 'local',
  filter: NO_FILTER,
  find: { text: '', isRegex: false, isCaseSensitive: false },
  columns: [],
  rules: [],
  isSplit: false,
  isPrevious: false,
};
