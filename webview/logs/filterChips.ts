import * as v from 'valibot';
import type { LogFilter, LogPatternParams, LogStreamName } from '../../src/protocol/logView';
import { logLevelSchema } from '../../src/protocol/podLog';

/** What lines must have, or must not. */
const filterChipSchema = v.object({
  kind: v.picklist(['include', 'exclude']),
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  isRegex: v.boolean(),
  isCaseSensitive: v.boolean(),
});
export type FilterChip = Readonly<v.InferOutput<typeof filterChipSchema>>;

/** As many as the host takes. */
export const MAX_CHIPS_OF_A_KIND = 20;

/** Which lines the reader wants to see. Pods that are left out are named, so that those that appear later are seen. */
export const chosenFilterSchema = v.object({
  chips: v.array(filterChipSchema),
  level: v.optional(logLevelSchema),
  hiddenPods: v.optional(v.array(v.string()), []),
  hiddenContainers: v.optional(v.array(v.string()), []),
});
export type ChosenFilter = Readonly<v.InferOutput<typeof chosenFilterSchema>>;

export const NO_FILTER: ChosenFilter = { chips: [], hiddenPods: [], hiddenContainers: [] };

/** Whose logs there are. */
type StreamNames = readonly Pick<LogStreamName, 'pod' | 'container'>[];

/** Whether anything is left out. */
export function isFiltering({ chips, level, hiddenPods, hiddenContainers }: ChosenFilter): boolean {
  return chips.length > 0 || level !== undefined || hiddenPods.length > 0 || hiddenContainers.length > 0;
}

/** As the host is asked, of the logs that there are. */
export function asLogFilter(chosen: ChosenFilter, streams: StreamNames): LogFilter {
  const { chips, level, hiddenPods, hiddenContainers } = chosen;
  const of = (kind: FilterChip['kind']): LogPatternParams[] =>
    chips
      .filter((chip) => chip.kind === kind)
      .slice(0, MAX_CHIPS_OF_A_KIND)
      .map(asPattern);
  const include = of('include');
  const exclude = of('exclude');
  const pods = without(
    streams.map(({ pod }) => pod),
    hiddenPods,
  );
  const containers = without(
    streams.map(({ container }) => container),
    hiddenContainers,
  );
  return {
    ...(include.length > 0 ? { include } : {}),
    ...(exclude.length > 0 ? { exclude } : {}),
    ...(level === undefined ? {} : { level }),
    ...(pods === undefined ? {} : { pods }),
    ...(containers === undefined ? {} : { containers }),
  };
}

/** What is left of some names; undefined where none of them is hidden. */
function without(names: readonly string[], hidden: readonly string[]): string[] | undefined {
  const unique = [...new Set(names)].filter((name) => name !== '');
  const left = unique.filter((name) => !hidden.includes(name));
  return left.length === unique.length ? undefined : left;
}

export function asPattern(pattern: Omit<FilterChip, 'kind'>): LogPatternParams {
  const { text, isRegex, isCaseSensitive } = pattern;
  return {
    text,
    ...(isRegex ? { isRegex } : {}),
    ...(isCaseSensitive ? { isCaseSensitive } : {}),
  };
}

export function withChip(filter: ChosenFilter, chip: FilterChip): ChosenFilter {
  const isThere = filter.chips.some((other) => isSameChip(other, chip));
  return isThere ? filter : { ...filter, chips: [...filter.chips, chip] };
}

export function withoutChip(filter: ChosenFilter, chip: FilterChip): ChosenFilter {
  return { ...filter, chips: filter.chips.filter((other) => !isSameChip(other, chip)) };
}

function isSameChip(a: FilterChip, b: FilterChip): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `names` with one more, or one less. */
export function toggled(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}

/** Why a text is no regular expression, in the engine's words; undefined where it is one. It is not tried on anything. */
export function regexFault(text: string): string | undefined {
  try {
    void new RegExp(text);
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^Invalid regular expression: /, '')
      : String(error);
  }
}
