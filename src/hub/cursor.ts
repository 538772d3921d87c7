/** Up to where a source's objects were told: by whichever hub, as long as cluster and generation are the same. */
export interface StatePosition {
  /** Which cluster: the uid of its namespace kube-system, or one of the hub's own where that cannot be read. */
  readonly epoch: string;
  /** Grows when the cluster's ResourceVersions begin anew, as after it was restored. */
  readonly generation: number;
  /** Everything up to this ResourceVersion was told. */
  readonly version: string;
}

/** What a cursor says: where in the events of one hub, and where in the objects of one source. */
export interface Cursor {
  /** Which hub numbered `sequence` and `change`. */
  readonly instance: string;
  /** Events up to this one were told. */
  readonly sequence: number;
  /** Changes of personas up to this one were told. */
  readonly change: number;
  /** Which source the event was of, if any; of others the cursor says nothing. */
  readonly source?: string;
  /** Absent where nothing was read yet. */
  readonly state?: StatePosition;
}

/** Of ours none is longer: what is longer was made up. */
const MAX_LENGTH = 4_096;
/** etcd's have at most 19 digits. A longer one is not worth carrying along with every event. */
const MAX_VERSION_LENGTH = 256;
const FORMAT = '1';
const NUMBER = /^(?:0|[1-9a-z][0-9a-z]{0,9})$/;

/** As the opaque text that goes with an event. */
export function encodeCursor({ instance, sequence, change, source, state }: Cursor): string {
  let text = `${FORMAT}.${instance}.${sequence.toString(36)}.${change.toString(36)}`;
  if (source !== undefined) {
    text += `.${encodePart(source)}`;
    if (state !== undefined && state.version.length <= MAX_VERSION_LENGTH) {
      text += `.${encodePart(state.epoch)}.${state.generation.toString(36)}.${encodePart(state.version)}`;
    }
  }
  return text;
}

/** Undefined for whatever {@link encodeCursor} did not make: texts of clients are made up by anybody. */
export function decodeCursor(text: string): Cursor | undefined {
  const parts = text.length > MAX_LENGTH ? [] : text.split('.');
  const [format, instance = '', sequence, change, source, epoch, generation, version] = parts;
  const numbers = { sequence: decodeNumber(sequence), change: decodeNumber(change) };
  if (format !== FORMAT || numbers.sequence === undefined || numbers.change === undefined) {
    return undefined;
  }
  const begin = { instance, sequence: numbers.sequence, change: numbers.change };
  const cursor = withSource(begin, { source, epoch, generation, version });
  return cursor !== undefined && encodeCursor(cursor) === text ? cursor : undefined;
}

function withSource(
  begin: Cursor,
  parts: Readonly<Record<'source' | 'epoch' | 'generation' | 'version', string | undefined>>,
): Cursor | undefined {
  const [source, epoch, version] = [parts.source, parts.epoch, parts.version].map(decodePart);
  if (source === undefined) {
    return begin;
  }
  const generation = decodeNumber(parts.generation);
  return epoch === undefined || generation === undefined || version === undefined
    ? { ...begin, source }
    : { ...begin, source, state: { epoch, generation, version } };
}

/** A name may hold half of a surrogate pair, which no encoding takes. */
function encodePart(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll('.', '%2E');
}

function decodePart(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function decodeNumber(text: string | undefined): number | undefined {
  const number = text !== undefined && NUMBER.test(text) ? Number.parseInt(text, 36) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}
