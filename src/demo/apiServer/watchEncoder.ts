import type { Clock } from '../../base/clock';
import { TableWatchEncoder } from '../table/encodeTable';
import type { MetaVersion } from '../table/negotiateTable';
import { partialObject } from '../table/partialObject';
import { tableFormatOf } from '../table/tableFormatOf';
import { apiVersionOf, type ApiResource } from './apiResource';
import type { ApiStatus } from './apiStatus';
import type { BodyChunk } from './chunkJoiner';
import type { WrittenForm } from './objectForm';
import type { StorageEvent, StoredObject } from './objectStorage';
import { WatchFrames } from './watchFrames';

type EventType = StorageEvent['type'];

/** Writes the events of one watch, a line each, in the form its client asked for. */
export interface WatchEncoder {
  /** Many watchers get the very same bytes of an event, if they are made when it happens. */
  readonly isShared: boolean;
  event(type: EventType, item: StoredObject): BodyChunk;
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): string;
  error(status: ApiStatus): string;
}

const frames = new WatchFrames();

export function createWatchEncoder(resource: ApiResource, form: WrittenForm, clock: Clock): WatchEncoder {
  switch (form.type) {
    case 'object':
      return objectEncoder(resource);
    case 'table': {
      const table = new TableWatchEncoder(tableFormatOf(resource), form);
      return {
        isShared: false,
        event: (type, { object }) => table.event(type, object, clock.now()),
        bookmark: (revision, annotations) => table.bookmark(bookmarkMetadata(revision, annotations)),
        error: errorLine,
      };
    }
    case 'partial':
      return partialEncoder(form.version);
    default:
      return form satisfies never;
  }
}

function objectEncoder(resource: ApiResource): WatchEncoder {
  return {
    isShared: true,
    event: (type, item) => frames.encode(type, item),
    bookmark: (revision, annotations) =>
      line('BOOKMARK', {
        kind: resource.kind,
        apiVersion: apiVersionOf(resource),
        metadata: bookmarkMetadata(revision, annotations),
      }),
    error: errorLine,
  };
}

function partialEncoder(version: MetaVersion): WatchEncoder {
  return {
    isShared: false,
    event: (type, { object }) => line(type, partialObject(object, version)),
    bookmark: (revision, annotations) =>
      line('BOOKMARK', {
        kind: 'PartialObjectMetadata',
        apiVersion: `meta.k8s.io/${version}`,
        metadata: bookmarkMetadata(revision, annotations),
      }),
    error: errorLine,
  };
}

function bookmarkMetadata(revision: number, annotations: Readonly<Record<string, string>> | undefined) {
  return {
    resourceVersion: String(revision),
    ...(annotations !== undefined && { annotations }),
  };
}

function errorLine(status: ApiStatus): string {
  return line('ERROR', status);
}

function line(type: EventType | 'BOOKMARK' | 'ERROR', object: object): string {
  return `${JSON.stringify({ type, object })}\n`;
}
