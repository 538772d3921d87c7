import type { Clock } from '../base/clock';
import { presentInstant } from '../base/instant';
import type { KubeObject } from '../base/kubeObject';
import { decodeObject } from '../informer/decodeObject';
import { ProblemError } from '../protocol/problem';
import type { RequestParams, RequestResult } from '../protocol/requests';
import type { HubClocks } from './hubClocks';

type Answer = RequestResult<'clusters.objects'>;

/** Asks the hub. */
export type AskObjects = (params: RequestParams<'clusters.objects'>, signal: AbortSignal) => Promise<Answer>;

/** What a hub holds of one source, or what is different in it, at least as it was when the first page was made. */
export interface ObjectsReading {
  /** The first page without its objects. */
  readonly first: Omit<Answer, 'objects' | 'after'>;
  readonly clocks: HubClocks;
  readonly objects: readonly KubeObject[];
  /** Objects without what every object has; they were left out. */
  readonly malformed: number;
  /** It took several answers, and what changed meanwhile is to be asked for at once. */
  readonly hadPages: boolean;
}

const PAGE_OBJECTS = 500;
/** Of one source, malformed ones included; whoever has more is no hub. */
const MAX_OBJECTS = 200_000;
/** Of one source as JSON, in UTF-16 units: what one reading may hold at once, not what a hub with many sources may. */
const MAX_CHARS = 256 * 1024 * 1024;
/** A hub's pages are full or a mebibyte long, but for the last one. */
const MAX_PAGES = 10_000;
/** A hub that starts anew while it is read is read again, but not for ever. */
const MAX_BEGINNINGS = 5;

export interface ReadOptions {
  readonly source: string;
  readonly since: string | undefined;
  readonly isLooking: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Reads all pages. Undefined where the hub began anew meanwhile, again and again. Rejects with a {@link ProblemError} or with
 * the signal's reason.
 */
export async function readObjects(
  ask: AskObjects,
  options: ReadOptions,
): Promise<ObjectsReading | undefined> {
  let { since } = options;
  for (let beginning = 0; beginning < MAX_BEGINNINGS; beginning += 1) {
    const reading = await readPages(ask, { ...options, since });
    if (reading !== undefined) {
      return reading;
    }
    since = undefined;
  }
  return undefined;
}

/** Undefined where the pages do not belong to each other. */
async function readPages(
  ask: AskObjects,
  { source, since, isLooking, clock, signal }: ReadOptions,
): Promise<ObjectsReading | undefined> {
  const objects: KubeObject[] = [];
  let malformed = 0;
  let chars = 0;
  let first: { readonly answer: Answer; readonly clocks: HubClocks } | undefined;
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const askedAt = presentInstant(clock);
    const isAll = since === undefined || first?.answer.reset === true;
    const answer = await ask(
      {
        source,
        limit: PAGE_OBJECTS,
        ...(isAll ? {} : { since }),
        ...(after === undefined ? {} : { after }),
        ...(isLooking ? { isLooking } : {}),
      },
      signal,
    );
    first ??= { answer, clocks: { askedAt, answeredAt: answer.now } };
    const { reset, isRead, cluster } = first.answer;
    if (answer.reset !== reset || answer.isRead !== isRead || answer.cluster !== cluster) {
      return undefined;
    }
    for (const raw of answer.objects) {
      chars += JSON.stringify(raw).length;
      const object = decodeObject(raw);
      if (object === undefined) {
        malformed += 1;
      } else {
        objects.push(object);
      }
    }
    const isFurther = after === undefined || (answer.after !== undefined && answer.after > after);
    if (answer.after !== undefined && (!isFurther || answer.objects.length === 0)) {
      throw new ProblemError({ code: 'malformed', detail: 'the hub goes round in circles' });
    }
    after = answer.after;
    if (objects.length + malformed > MAX_OBJECTS) {
      throw new ProblemError({ code: 'malformed', detail: `the hub has more than ${MAX_OBJECTS} objects` });
    }
    if (chars > MAX_CHARS) {
      const detail = `the hub's objects have more than ${MAX_CHARS} characters`;
      throw new ProblemError({ code: 'malformed', detail });
    }
    if (after === undefined) {
      const { objects: _, after: pages, ...head } = first.answer;
      return { first: head, clocks: first.clocks, objects, malformed, hadPages: pages !== undefined };
    }
  }
  throw new ProblemError({
    code: 'malformed',
    detail: `the hub has more than ${MAX_PAGES} pages of objects`,
  });
}
