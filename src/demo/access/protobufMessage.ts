import type { JsonRecord } from '../../base/jsonRecord';

/** What a field of a message holds: a text, several texts, or a message. */
export type ProtobufField =
  | { readonly name: string; readonly type: 'string' | 'strings' }
  | { readonly name: string; readonly type: 'message'; readonly fields: ProtobufFields };

/** The fields of a message by their numbers. */
export type ProtobufFields = Readonly<Record<number, ProtobufField>>;

/** The bytes are no message of the protocol buffers. */
export class ProtobufError extends Error {
  readonly code = 'protobuf';

  constructor(message: string) {
    super(message);
    this.name = 'ProtobufError';
  }
}

/** The wire types of the protocol buffers encoding that Kubernetes writes. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** 64 bits in groups of seven. */
const MAX_VARINT_BYTES = 10;

/** `k8s` and a zero byte, before every message of `application/vnd.kubernetes.protobuf`. */
const MAGIC: readonly number[] = [0x6b, 0x38, 0x73, 0x00];

/** The fields of the envelope, `runtime.Unknown`. */
const TYPE_META_FIELD = 1;
const RAW_FIELD = 2;

const TYPE_META_FIELDS: ProtobufFields = {
  1: { name: 'apiVersion', type: 'string' },
  2: { name: 'kind', type: 'string' },
};

/**
 * Reads an object as Kubernetes clients send it in protobuf: its type from the envelope, and of the object the `fields`;
 * others are skipped. Empty texts, which are written for everything that is not set, are left out. Throws
 * {@link ProtobufError}.
 */
export function decodeKubernetesProtobuf(bytes: Uint8Array, fields: ProtobufFields): JsonRecord {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix k8s');
  }
  const envelope = new Map(readFields(bytes.subarray(MAGIC.length)));
  return {
    ...decodeMessage(envelope.get(TYPE_META_FIELD) ?? new Uint8Array(), TYPE_META_FIELDS),
    ...decodeMessage(envelope.get(RAW_FIELD) ?? new Uint8Array(), fields),
  };
}

function decodeMessage(bytes: Uint8Array, fields: ProtobufFields): JsonRecord {
  const message: Record<string, unknown> = {};
  const lists = new Map<string, string[]>();
  for (const [number, value] of readFields(bytes)) {
    const field = fields[number];
    switch (field?.type) {
      case undefined:
        break;
      case 'message':
        message[field.name] = decodeMessage(value, field.fields);
        break;
      case 'string': {
        const text = decodeText(value);
        if (text !== '') {
          message[field.name] = text;
        }
        break;
      }
      case 'strings': {
        const list = lists.get(field.name) ?? [];
        list.push(decodeText(value));
        lists.set(field.name, list);
        message[field.name] = list;
        break;
      }
      default:
        field satisfies never;
    }
  }
  return message;
}

/** The fields with a length: texts and messages. Numbers are read over. */
function* readFields(bytes: Uint8Array): Generator<readonly [number: number, value: Uint8Array], void, void> {
  let offset = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      const byte = bytes[offset];
      if (byte === undefined) {
        break;
      }
      offset += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) {
        return value;
      }
    }
    throw new ProtobufError('a number does not end');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) {
      throw new ProtobufError('a field is longer than its message');
    }
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  while (offset < bytes.length) {
    const tag = readVarint();
    const wireType = tag % 8;
    switch (wireType) {
      case VARINT:
        readVarint();
        break;
      case FIXED_64:
        take(8);
        break;
      case LENGTH_DELIMITED:
        yield [Math.floor(tag / 8), take(readVarint())];
        break;
      case FIXED_32:
        take(4);
        break;
      default:
        throw new ProtobufError(`wire type ${wireType} is not known`);
    }
  }
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
