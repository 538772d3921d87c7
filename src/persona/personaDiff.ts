import { cutText } from '../base/cutText';
import { isRecord, type JsonRecord } from '../base/jsonRecord';
import type { KubeObject } from '../base/kubeObject';
import { visibleText } from '../base/visibleText';
import type { FieldChange } from '../protocol/awayChange';

/** The fields in which two states of one persona differ. */
export interface PersonaDiff {
  /** The most telling first, otherwise in the order of the object. */
  readonly fields: readonly FieldChange[];
  /** Fields that differ beyond those named. */
  readonly more: number;
}

/** What one difference names at most; a view shows a few, and opens to these. */
const MAX_FIELDS = 50;
const MAX_VALUE_CHARS = 200;
/**
 * A label's name may have 317 characters. What lies below a longer path is compared as a whole, so that no name is repeated
 * for each field below it.
 */
const MAX_PATH_CHARS = 500;
const MAX_DEPTH = 20;
const CUT = '…';

/** An RFC 3339 instant: that one is newer than another is no news by itself. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
/** Readings of the moment, which differ each time somebody looks; and the copy that kubectl keeps of the whole. */
const IGNORED: ReadonlySet<string> = new Set([
  'metadata.annotations.kubectl.kubernetes.io/last-applied-configuration',
  'status.resourceSummary.usedCPU',
  'status.resourceSummary.usedMemory',
  'status.resourceSummary.cpuUtilization',
  'status.resourceSummary.memoryUtilization',
  'status.resourceSummary.runningPods',
]);
/** What says most comes first. */
const RANKS: readonly string[] = ['status.phase', 'status.nodes', 'status.addons', 'spec', 'status'];

/**
 * Compares everything that people or the operator say of a cluster: labels, annotations, spec, status and any field of a
 * later version. Instants, heartbeats and readings are left out. Elements of lists are matched by their name or type.
 */
export function diffPersonas(before: KubeObject, after: KubeObject): PersonaDiff {
  const found: FieldChange[] = [];
  compare('', comparable(before), comparable(after), 0, found);
  const fields = found.toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
  return { fields: fields.slice(0, MAX_FIELDS), more: Math.max(0, fields.length - MAX_FIELDS) };
}

/** Two differences that follow each other as one; a field that came back to what it was is none. */
export function joinDiffs(first: PersonaDiff, second: PersonaDiff): PersonaDiff {
  const byPath = new Map(first.fields.map((field) => [field.path, field]));
  const appeared = first.fields.filter(({ before }) => before === undefined).map(({ path }) => path);
  for (const { path, before: between, after } of second.fields) {
    if (appeared.some((above) => isBelow(path, above))) {
      // It is part of what was not there before.
      continue;
    }
    for (const below of byPath.keys()) {
      if (isBelow(below, path)) {
        byPath.delete(below);
      }
    }
    const known = byPath.get(path);
    const before = known === undefined ? between : known.before;
    if (before === after && before?.endsWith(CUT) !== true) {
      byPath.delete(path);
    } else {
      byPath.set(path, fieldChange(path, before, after));
    }
  }
  const fields = [...byPath.values()].toSorted((a, b) => rankOf(a.path) - rankOf(b.path));
  return {
    fields: fields.slice(0, MAX_FIELDS),
    more: first.more + second.more + Math.max(0, fields.length - MAX_FIELDS),
  };
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

/** No labels are left out by the API server: the first one is then told by its name, as each that follows. */
function comparable(object: KubeObject): unknown {
  const { labels = {}, annotations = {} } = object.metadata;
  return { ...object, apiVersion: undefined, kind: undefined, metadata: { labels, annotations } };
}

function compare(path: string, before: unknown, after: unknown, depth: number, found: FieldChange[]): void {
  if (before === after || IGNORED.has(path)) {
    return;
  }
  if (depth < MAX_DEPTH && path.length <= MAX_PATH_CHARS) {
    if (isRecord(before) && isRecord(after)) {
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        if (!/heartbeat/i.test(key)) {
          const below = path === '' ? key : `${path}.${key}`;
          compare(below, ownValue(before, key), ownValue(after, key), depth + 1, found);
        }
      }
      return;
    }
    const named = Array.isArray(before) && Array.isArray(after) ? [byName(before), byName(after)] : [];
    const [olds, news] = named;
    if (olds !== undefined && news !== undefined) {
      for (const name of new Set([...olds.keys(), ...news.keys()])) {
        compare(`${path}[${name}]`, olds.get(name), news.get(name), depth + 1, found);
      }
      return;
    }
  }
  const [old, now] = [textOf(before), textOf(after)];
  if (isNews(old, now) && jsonOf(before) !== jsonOf(after)) {
    found.push(fieldChange(structuredClone(cutText(path, MAX_PATH_CHARS)), cut(old), cut(now)));
  }
}

/** Undefined also for what every object inherits, such as `constructor`. */
function ownValue(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Elements by what tells them apart; undefined where that is missing or not unique. */
function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const element of list) {
    const name = isRecord(element) ? (element['name'] ?? element['type']) : undefined;
    if (typeof name !== 'string' || named.has(name)) {
      return undefined;
    }
    named.set(name, element);
  }
  return named;
}

function isNews(before: string | undefined, after: string | undefined): boolean {
  const isInstant = (text: string | undefined): boolean => text === undefined || INSTANT.test(text);
  return !(isInstant(before) && isInstant(after));
}

function fieldChange(path: string, before: string | undefined, after: string | undefined): FieldChange {
  return {
    path: visibleText(path),
    ...(before === undefined ? {} : { before: visibleText(before) }),
    ...(after === undefined ? {} : { after: visibleText(after) }),
  };
}

/** Writers leave a field out, or write null or an empty text, where there is nothing to say. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((element) => (typeof element === 'string' ? element : jsonOf(element))).join(', ');
  }
  return typeof value === 'string' ? value : jsonOf(value);
}

/** What is nested too deeply to be written has no text of its own; nobody could read it. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) {
      return CUT;
    }
    throw error;
  }
}

/** As a copy: a piece of a text keeps the whole of it in memory. */
function cut(text: string | undefined): string | undefined {
  return text === undefined || text.length <= MAX_VALUE_CHARS
    ? text
    : structuredClone(cutText(text, MAX_VALUE_CHARS));
}

function rankOf(path: string): number {
  const rank = RANKS.findIndex((prefix) => path.startsWith(prefix));
  return rank < 0 ? RANKS.length : rank;
}
