/** Up to where a source's objects were told: by whichever hub, as long as it is the same cluster with the same history. */
export interface StatePosition {
  /** Which cluster: the uid of its namespace kube-system, or one of the hub's own where that cannot be read. */
  readonly epoch: string;
  /** When it was last known that nothing else had happened, in wall milliseconds of the hub that says so. */
  readonly provenAt: number;
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
  /** Stands for the sources that the hub had; there with `state`. */
  readonly fleet?: string;
}

/** Of ours none is longer: what is longer was made up. */
const MAX_LENGTH = 4_096;
/** etcd's have at most 19 digits. A longer one is not worth carrying along with every event. */
const MAX_VERSION_LENGTH = 256;
const FORMAT = '1';
const NUMBER = /^(?:0|[1-9a-z][0-9a-z]{0,9})$/;

/** As the opaque text that goes with an event. */
export function encodeCursor({ instance, sequence, change, source, state, fleet = '' }: Cursor): string {
  let text = `${FORMAT}.${instance}.${sequence.toString(36)}.${change.toString(36)}`;
  if (source !== undefined) {
    text += `.${encodePart(source)}`;
    if (state !== undefined && state.version.length <= MAX_VERSION_LENGTH) {
      const { epoch, provenAt, version } = state;
      text += `.${encodePart(epoch)}.${encodePart(fleet)}.${provenAt.toString(36)}.${encodePart(version)}`;
    }
  }
  return text;
}

/** Undefined for whatever {@link encodeCursor} did not make: texts of clients are made up by anybody. */
export function decodeCursor(text: string): Cursor | undefined {
  const parts = text.length > MAX_LENGTH ? [] : text.split('.');
  const [format, instance = '', sequence, change, source, epoch, fleet, provenAt, version] = parts;
  const numbers = { sequence: decodeNumber(sequence), change: decodeNumber(change) };
  if (format !== FORMAT || numbers.sequence === undefined || numbers.change === undefined) {
    return undefined;
  }
  const begin = { instance, sequence: numbers.sequence, change: numbers.change };
  const cursor = withSource(begin, { source, epoch, fleet, provenAt, version });
  return cursor !== undefined && encodeCursor(cursor) === text ? cursor : undefined;
}

function withSource(
  begin: Cursor,
  parts: Readonly<Record<'source' | 'epoch' | 'fleet' | 'provenAt' | 'version', string | undefined>>,
): Cursor | undefined {
  const [source, epoch, fleet, version] = [parts.source, parts.epoch, parts.fleet, parts.version].map(
    decodePart,
  );
  if (source === undefined) {
    return begin;
  }
  const provenAt = decodeNumber(parts.provenAt);
  return epoch === undefined || fleet === undefined || provenAt === undefined || version === undefined
    ? { ...begin, source }
    : { ...begin, source, fleet, state: { epoch, provenAt, version } };
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
