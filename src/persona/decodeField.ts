import { isRecord, type JsonRecord } from '../base/jsonRecord';
import { visibleText } from '../base/visibleText';

/**
 * Reads single fields of undecoded JSON. Each answers `undefined` for what is missing or of another type, so that a
 * wrong value counts as unknown and never as 0, false or empty.
 */
export function recordOf(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** A text as it can be shown: see `visibleText`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? visibleText(value) : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A count: an integer of 0 or more. A zero that JSON writes with a sign is 0. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? Math.abs(value) : undefined;
}

/** A quantity as text. The API takes plain numbers for quantities too, so they are read as if they were quoted. */
export function quantityTextOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : textOf(value);
}

/** Whether there is something to read. Writers leave a field out, or write null or an empty text, where there is not. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** An RFC 3339 instant that can be parsed, as it was written. */
export function instantOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

export function choiceOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

/** The strings of a list as they can be shown; entries of another type are left out. */
export function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const texts = value.every(isText) ? value : value.filter(isText);
  return texts.every((text) => visibleText(text) === text) ? texts : texts.map(visibleText);
}

/** A map of strings such as labels; entries of another type are left out. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  // The copy is made only when something has to be left out: labels of thousands of nodes are usually fine as they are.
  return isTextMap(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])),
      );
}

/** What could be read of a list, and how many entries could not. */
export interface DecodedList<T> {
  readonly items: readonly T[] | undefined;
  readonly unreadable: number;
}

/** Decodes each entry by itself: one that `decodeEntry` gives up on hides no other. */
export function listOf<T>(value: unknown, decodeEntry: (entry: JsonRecord) => T | undefined): DecodedList<T> {
  if (!Array.isArray(value)) {
    return { items: undefined, unreadable: 0 };
  }
  const items: T[] = [];
  for (const entry of value) {
    const item = isRecord(entry) ? decodeEntry(entry) : undefined;
    if (item !== undefined) {
      items.push(item);
    }
  }
  return { items, unreadable: value.length - items.length };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextMap(value: JsonRecord): value is Readonly<Record<string, string>> {
  for (const key in value) {
    if (typeof value[key] !== 'string') {
      return false;
    }
  }
  return true;
}
