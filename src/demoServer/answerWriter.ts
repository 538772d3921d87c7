import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import type { Writable } from 'node:stream';
import type { KubeResponse } from '../base/kubeFetch';
import { isLogPath, isWatchPath } from '../demo/apiServer/streamingPath';
import { LAST_CHUNK, type ChunkFramer } from './chunkFramer';
import type { StreamPacer } from './streamPacer';

/** Headers of an answer that are passed on; an answer tells them by name only. */
const PASSED_HEADERS = [
  'content-type',
  'retry-after',
  'warning',
  'cache-control',
  'etag',
  'vary',
  'allow',
  'location',
] as const;

/** kube-apiserver compresses what is longer, at this level: on a fast network the time is worth more than the bytes. */
const GZIP_MIN_BYTES = 128 * 1024;
const GZIP_LEVEL = constants.Z_BEST_SPEED;

/** A write of this size costs so much by itself that there is nothing to gain from a larger one. */
const PACED_BELOW_BYTES = 64 * 1024;

/** There is nobody left to write an answer to. */
export class ReaderGoneError extends Error {
  readonly code = 'readerGone';

  constructor() {
    super('the client closed the connection');
    this.name = 'ReaderGoneError';
  }
}

export interface AnswerWriterOptions {
  readonly framer: ChunkFramer;
  readonly pacer: StreamPacer;
}

/**
 * Writes answers to sockets, no faster than they are read: while a socket is full nothing is asked of the body. A body
 * that throws makes the methods reject; whoever calls then destroys the socket, so that the client cannot take what it
 * has for the whole.
 */
export class AnswerWriter {
  readonly #framer: ChunkFramer;
  readonly #pacer: StreamPacer;

  constructor({ framer, pacer }: AnswerWriterOptions) {
    this.#framer = framer;
    this.#pacer = pacer;
  }

  async write(request: IncomingMessage, answer: KubeResponse, response: ServerResponse): Promise<void> {
    response.statusCode = answer.status;
    setHeaders(answer, response);
    if (request.method === 'HEAD') {
      response.end();
      await answer.body[Symbol.asyncIterator]().return?.();
    } else if (answer.status === 200 && isStream(request)) {
      await this.#writeStream(answer.body, response);
    } else {
      await writeDocument(answer.body, response, acceptsGzip(request));
    }
  }

  /** Each piece goes out at once, in a chunk that is shared with other streams, if a turn has passed since a small one. */
  async #writeStream(body: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
    response.setHeader('transfer-encoding', 'chunked');
    response.flushHeaders();
    // From here on the chunks are framed here.
    response.chunkedEncoding = false;
    for await (const bytes of body) {
      if (!response.write(this.#framer.frame(bytes))) {
        await drained(response);
      }
      if (bytes.byteLength < PACED_BELOW_BYTES) {
        await this.#pacer.turn();
      }
    }
    response.end(LAST_CHUNK);
  }
}

function setHeaders(answer: KubeResponse, response: ServerResponse): void {
  response.setHeader('audit-id', randomUUID());
  response.setHeader('cache-control', 'no-cache, private');
  for (const name of PASSED_HEADERS) {
    const value = answer.header(name);
    if (value !== undefined) {
      // Node writes each character as a byte, and Go's clients and servers UTF-8.
      response.setHeader(name, Buffer.from(value, 'utf8').toString('latin1'));
    }
  }
}

/** Watches and logs are as long as they are watched; they are neither compressed nor held back. */
function isStream({ url = '' }: IncomingMessage): boolean {
  return isWatchPath(url) || isLogPath(url);
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = request.headers['accept-encoding'];
  const codings = (typeof accepted === 'string' ? accepted : '').split(',');
  return codings.some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(coding));
}

/** A short document has a length; a long one is sent as it comes, compressed where the client can take it. */
async function writeDocument(
  body: AsyncIterable<Uint8Array>,
  response: ServerResponse,
  compress: boolean,
): Promise<void> {
  let head: Uint8Array[] | undefined = [];
  let headBytes = 0;
  let target: Writable = response;
  for await (const bytes of body) {
    if (head === undefined) {
      await send(target, bytes, response);
      continue;
    }
    head.push(bytes);
    headBytes += bytes.byteLength;
    if (headBytes > GZIP_MIN_BYTES) {
      target = compress ? compressed(response) : response;
      await send(target, Buffer.concat(head), response);
      head = undefined;
    }
  }
  if (head !== undefined) {
    response.setHeader('content-length', headBytes);
    response.end(Buffer.concat(head));
    return;
  }
  target.end();
}

function compressed(response: ServerResponse): Writable {
  response.setHeader('content-encoding', 'gzip');
  response.appendHeader('vary', 'Accept-Encoding');
  const gzip = createGzip({ level: GZIP_LEVEL });
  response.once('close', () => gzip.destroy());
  gzip.pipe(response);
  return gzip;
}

async function send(target: Writable, bytes: Uint8Array, response: ServerResponse): Promise<void> {
  if (!target.write(bytes)) {
    await drained(target, response);
  }
}

/** Waits until `target` takes more; rejects with {@link ReaderGoneError} when `response` can be read no more. */
function drained(target: Writable, response: Writable = target): Promise<void> {
  return new Promise((resolve, reject) => {
    if (response.destroyed) {
      reject(new ReaderGoneError());
      return;
    }
    const onDrain = (): void => {
      response.off('close', onClose);
      resolve();
    };
    const onClose = (): void => {
      target.off('drain', onDrain);
      reject(new ReaderGoneError());
    };
    target.once('drain', onDrain);
    response.once('close', onClose);
  });
}
