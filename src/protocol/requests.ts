import * as v from 'valibot';
import { alertCountsSchema, alertSchema } from './alert';
import { awayChangeSchema } from './awayChange';
import { componentHealthSchema } from './component';
import {
  logFilterSchema,
  logFindParamsSchema,
  logMarksParamsSchema,
  logMarksSchema,
  logFoundSchema,
  logPlaceSchema,
  logSelectionSchema,
  logTimeSchema,
  logViewStatusSchema,
  logWindowSchema,
} from './logView';
import { metricKeySchema, metricPointSchema } from './metric';
import { logLineSchema, logStateSchema, podRowSchema } from './podLog';
import { sourceStatusSchema } from './sourceState';
import { personaKeySchema, rowFilterSchema, summaryRowSchema } from './summaryRow';

const exportedLogs = {
  view: v.string(),
  filter: v.exactOptional(logFilterSchema),
  /** What the file is called, without an ending. */
  name: v.pipe(v.string(), v.maxLength(1_000)),
};

/** What a view may have the editor do. */
const viewCommandSchema = v.variant('type', [
  v.object({
    type: v.literal('openLogs'),
    source: v.string(),
    name: v.string(),
    addon: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal('openNodeLogs'), source: v.string(), name: v.string(), node: v.string() }),
  v.object({ type: v.literal('openDetail'), source: v.string(), name: v.string() }),
  v.object({ type: v.literal('reconnect'), source: v.string() }),
  v.object({ type: v.literal('disconnect'), source: v.string() }),
  v.object({ type: v.literal('showLog') }),
  v.object({ type: v.literal('copy'), text: v.string() }),
  /** All rows of a view of logs that a filter lets through, into a file or into a document of the editor. */
  v.object({ type: v.literal('saveLogs'), ...exportedLogs }),
  v.object({ type: v.literal('openLogDocument'), ...exportedLogs }),
  /** Follows the same logs with kubectl, in a terminal; of one container alone where it is named. */
  v.object({
    type: v.literal('openLogTerminal'),
    source: v.string(),
    selection: logSelectionSchema,
    container: v.exactOptional(v.string()),
    previous: v.exactOptional(v.boolean()),
  }),
]);
export type ViewCommand = Readonly<v.InferOutput<typeof viewCommandSchema>>;

/** An object as the cluster has it; every field beyond the name is up to its reader to check. */
const rawObjectSchema = v.looseObject({ metadata: v.looseObject({ name: v.string() }) });

/** A change as it was shown: where another one has come since, it is left alone. */
const shownChange = v.object({ ...personaKeySchema.entries, until: v.number() });

/** The cursor of an event, than which no answer is older; `closed` where this hub is not as far within 5 s. */
const minVersion = v.exactOptional(v.string());
const streamNumber = v.pipe(v.number(), v.integer(), v.minValue(0));
/** What a cluster answered, apart from what it said. Over HTTP alone it is a line of JSON before that. */
export const relayedHeadSchema = v.object({
  status: v.number(),
  /** As the header has it. */
  retryAfter: v.exactOptional(v.string()),
});
const piece = { text: v.string(), isEnd: v.boolean() };

/**
 * Every request of the protocol: what is sent and what comes back. Versions are opaque and compared by the hub alone.
 *
 * - `clusters.list`: of one source, of several or of all; with `since` only what changed after that version, else everything
 *   (`reset: true`). `removed` are the personas that left since, or do not fit the filter any more. An answer is never older than
 *   a notification sent before it; with `minVersion`, the cursor of an event, nor than one that another hub sent.
 * - `clusters.objects`: the personas of one source as the cluster has them, for another hub that holds them too; like
 *   `clusters.list`, but in pages by name: as long as an answer has `after`, more of it is asked for with the same `since`
 *   and that `after`. Of all pages the `version` of the first is the one to ask from next. While `isRead` is false it is not
 *   known what the cluster has, and there is none of it. `now` is the hub's wall clock, by which the times in `status` are;
 *   `cluster` stands for the cluster that answers. With `isLooking` somebody sees the source for the next half minute.
 * - `clusters.get`: the whole object without managedFields; `notFound` when it is gone.
 * - `changes.get`: what happened to one persona while nobody could watch, if anything and as long as it is not dismissed;
 *   `changes.markSeen` takes the mark from the tree, `changes.dismiss` forgets it.
 * - `alerts.list`: those that last and those that ended lately, the latest first; with `name` those of that persona alone; `unwatched` are sources of which nobody
 *   knows at the moment, so that what lasts there may have ended.
 * - `alerts.counts`: how many last, of each persona and each source as a whole that has any, of everything.
 * - `components.list`: the health of each node and installed add-on of one persona, nodes first, in the order in which it
 *   lists them; `notFound` when the persona is gone.
 * - `metrics.read`: the points of one series from sequence number `from` on, at most `limit` and the latest where there are
 *   more; an empty series is one that nobody reports. `next` is where to go on.
 * - `logs.open`: starts following one container; `logs.read` returns the lines from `from` on, at most `limit`.
 * - `logViews.open`: starts following all containers of the pods that are selected, merged by time: each with its last
 *   `tailLines`, or of its run before the present one with `previous`. `log.appended` with the view as its stream says that
 *   there are other rows, or that something else is to be read. `logViews.read` returns `count` rows from a place on;
 *   `logViews.find` counts matches and tells the one after or before a row; both answer at once with what is known so far.
 *   `logViews.marks` tells where a pattern is found in rows, so that no client has to try one that may take for ever.
 *   `logViews.line` is the text of a line that is longer than a row shows, from byte `from` on. `logViews.status` tells how
 *   each log is.
 * - `kube.open`: for another hub, the answer of a source's cluster to a GET of `path`: of pods, their logs and what nodes use
 *   alone, and of pods without what may hold secrets. `stream` is a number of the client's own. The body comes in pieces of
 *   `text` (what is no UTF-8 is replaced), the next one whenever `kube.read` asks for it, which waits for one for some
 *   seconds; without `isEnd` there is more, and the client ends it by `kube.close`.
 */
export const REQUESTS = {
  'sources.list': {
    params: v.object({}),
    result: v.object({
      sources: v.array(sourceStatusSchema),
      /** Stands for the hub that answers, for as long as it runs. */
      hub: v.exactOptional(v.string()),
    }),
  },
  'sources.get': {
    params: v.object({ source: v.string() }),
    result: sourceStatusSchema,
  },
  'clusters.list': {
    params: v.object({
      source: v.exactOptional(v.union([v.string(), v.array(v.string())])),
      since: v.exactOptional(v.string()),
      minVersion,
      filter: v.exactOptional(rowFilterSchema),
    }),
    result: v.object({
      rows: v.array(summaryRowSchema),
      removed: v.array(personaKeySchema),
      version: v.string(),
      reset: v.boolean(),
    }),
  },
  'clusters.objects': {
    params: v.object({
      source: v.string(),
      since: v.exactOptional(v.string()),
      after: v.exactOptional(v.string()),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
      isLooking: v.exactOptional(v.literal(true)),
    }),
    result: v.object({
      objects: v.array(rawObjectSchema),
      removed: v.array(v.string()),
      version: v.string(),
      reset: v.boolean(),
      after: v.exactOptional(v.string()),
      status: sourceStatusSchema,
      isRead: v.boolean(),
      cluster: v.exactOptional(v.string()),
      now: v.number(),
    }),
  },
  'clusters.get': {
    params: v.object({ source: v.string(), name: v.string(), minVersion }),
    result: v.object({ object: rawObjectSchema, version: v.string() }),
  },
  'changes.get': {
    params: personaKeySchema,
    result: v.object({ change: v.exactOptional(awayChangeSchema) }),
  },
  'changes.markSeen': {
    params: shownChange,
    result: v.object({}),
  },
  'changes.dismiss': {
    params: shownChange,
    result: v.object({}),
  },
  'alerts.list': {
    params: v.object({ source: v.exactOptional(v.string()), name: v.exactOptional(v.string()) }),
    result: v.object({
      alerts: v.array(alertSchema),
      unwatched: v.array(v.string()),
      /** How many are left out, the worst being listed; absent where none is. */
      more: v.exactOptional(v.number()),
    }),
  },
  'alerts.counts': {
    params: v.object({}),
    result: v.object({
      counts: v.array(alertCountsSchema),
      /** As of `alerts.list`. */
      unwatched: v.array(v.string()),
    }),
  },
  'components.list': {
    params: personaKeySchema,
    result: v.object({ components: v.array(componentHealthSchema) }),
  },
  'metrics.read': {
    params: v.object({
      ...metricKeySchema.entries,
      from: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
    }),
    result: v.object({
      points: v.array(metricPointSchema),
      /**
       * Measurements `first` to `next - 1` are held, older ones merged; those before `first` were given up to stay within
       * bounds, or never were.
       */
      first: v.number(),
      next: v.number(),
    }),
  },
  'pods.list': {
    params: v.object({ source: v.string(), namespace: v.string() }),
    result: v.object({ pods: v.array(podRowSchema) }),
  },
  'logs.open': {
    params: v.object({
      source: v.string(),
      namespace: v.string(),
      pod: v.string(),
      container: v.exactOptional(v.string()),
    }),
    result: v.object({ stream: v.string() }),
  },
  'logs.read': {
    params: v.object({
      stream: v.string(),
      from: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5000)),
    }),
    result: v.object({
      lines: v.array(logLineSchema),
      /** Lines `first` to `next - 1` are held; those before `first` were given up to stay within bounds. */
      first: v.number(),
      next: v.number(),
      state: logStateSchema,
    }),
  },
  'logs.close': {
    params: v.object({ stream: v.string() }),
    result: v.object({}),
  },
  'logViews.open': {
    params: v.object({
      source: v.string(),
      selection: logSelectionSchema,
      tailLines: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))),
      sinceTime: v.exactOptional(logTimeSchema),
      previous: v.exactOptional(v.boolean()),
    }),
    result: v.object({ view: v.string() }),
  },
  'logViews.read': {
    params: v.object({
      view: v.string(),
      at: logPlaceSchema,
      count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000)),
      filter: v.exactOptional(logFilterSchema),
    }),
    result: logWindowSchema,
  },
  'logViews.find': { params: logFindParamsSchema, result: logFoundSchema },
  'logViews.marks': { params: logMarksParamsSchema, result: logMarksSchema },
  'logViews.line': {
    params: v.object({
      view: v.string(),
      stream: v.pipe(v.number(), v.integer(), v.minValue(0)),
      line: v.pipe(v.number(), v.integer(), v.minValue(0)),
      from: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024 * 1024)),
    }),
    result: v.object({
      text: v.string(),
      /** Where to go on; absent at its end. */
      next: v.exactOptional(v.number()),
      /** How long the line is as it is held, in bytes; and how many more it had. */
      bytes: v.number(),
      cutBytes: v.number(),
    }),
  },
  'logViews.status': { params: v.object({ view: v.string() }), result: logViewStatusSchema },
  'logViews.close': { params: v.object({ view: v.string() }), result: v.object({}) },
  'kube.open': {
    params: v.object({ source: v.string(), path: v.string(), stream: streamNumber }),
    result: v.object({ ...relayedHeadSchema.entries, ...piece }),
  },
  'kube.read': {
    params: v.object({ stream: streamNumber }),
    result: v.object(piece),
  },
  'kube.close': {
    params: v.object({ stream: streamNumber }),
    result: v.object({}),
  },
  'command.run': {
    params: v.object({ command: viewCommandSchema }),
    result: v.object({}),
  },
} as const;

export type RequestMethod = keyof typeof REQUESTS;
export type RequestParams<M extends RequestMethod> = Readonly<v.InferOutput<(typeof REQUESTS)[M]['params']>>;
export type RequestResult<M extends RequestMethod> = Readonly<v.InferOutput<(typeof REQUESTS)[M]['result']>>;

export function isRequestMethod(method: string): method is RequestMethod {
  return Object.hasOwn(REQUESTS, method);
}
