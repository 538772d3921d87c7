import { decodeKubeStatus } from '../base/kubeStatus';
import type { KubeObject } from '../base/kubeObject';
import { decodeObject } from './decodeObject';
import { errorFromStatus, type KubeStatusError } from './kubeStatusError';
import { isRecord } from '../base/jsonRecord';

/** One line of a watch. */
export type WatchEvent =
  | {
      readonly type: 'added' | 'modified' | 'deleted';
      readonly object: KubeObject;
      readonly resourceVersion: string;
    }
  | {
      readonly type: 'bookmark';
      readonly resourceVersion: string;
      /** All that there was when the watch began has been told. */
      readonly endsInitialEvents: boolean;
    }
  | { readonly type: 'error'; readonly error: KubeStatusError };

/** What happened to the collection. */
export type ObservedEvent = Exclude<WatchEvent, { type: 'error' }>;

/** Annotates the bookmark that follows the initial events (`meta/v1`). */
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

export type WatchLineFault = 'notJson' | 'notAnEvent' | 'unknownType' | 'badObject' | 'tooLong';

const EXPLANATIONS: Readonly<Record<WatchLineFault, string>> = {
  notJson: 'a line of the watch is not JSON',
  notAnEvent: 'a line of the watch is not an event',
  unknownType: 'a watch event is of an unknown type',
  badObject: 'the object of a watch event has no name or no resourceVersion',
  tooLong: 'a line of the watch is too long',
};

/** A line of a watch that says nothing usable: something may have been missed. The message quotes nothing of it. */
export class WatchLineError extends Error {
  readonly code = 'watchLine';
  readonly fault: WatchLineFault;

  constructor(fault: WatchLineFault, cause?: unknown) {
    super(EXPLANATIONS[fault], cause === undefined ? undefined : { cause });
    this.name = 'WatchLineError';
    this.fault = fault;
  }
}

/** Reads one line of a watch's body. Throws {@link WatchLineError}. */
export function decodeWatchLine(line: string): WatchEvent {
  const value = parse(line);
  if (!isRecord(value)) {
    throw new WatchLineError('notAnEvent');
  }
  const { type, object } = value;
  switch (type) {
    case 'ADDED':
      return objectEvent('added', object);
    case 'MODIFIED':
      return objectEvent('modified', object);
    case 'DELETED':
      return objectEvent('deleted', object);
    case 'BOOKMARK':
      return bookmark(object);
    case 'ERROR':
      return { type: 'error', error: errorFromStatus(decodeKubeStatus(object) ?? { causeReasons: [] }) };
    default:
      throw new WatchLineError(typeof type === 'string' ? 'unknownType' : 'notAnEvent');
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which does not belong in a log.
    throw new WatchLineError('notJson');
  }
}

function objectEvent(type: 'added' | 'modified' | 'deleted', value: unknown): WatchEvent {
  const object = decodeObject(value);
  const resourceVersion = object?.metadata.resourceVersion;
  if (object === undefined || resourceVersion === undefined || resourceVersion === '') {
    throw new WatchLineError('badObject');
  }
  return { type, object, resourceVersion };
}

function bookmark(value: unknown): WatchEvent {
  const metadata = isRecord(value) ? value['metadata'] : undefined;
  const resourceVersion = isRecord(metadata) ? metadata['resourceVersion'] : undefined;
  if (typeof resourceVersion !== 'string' || resourceVersion === '') {
    throw new WatchLineError('badObject');
  }
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  const endsInitialEvents = isRecord(annotations) && annotations[INITIAL_EVENTS_END] === 'true';
  return { type: 'bookmark', resourceVersion, endsInitialEvents };
}
