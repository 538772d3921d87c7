import type { IncomingMessage } from 'node:http';
import { MAX_REQUEST_BYTES } from '../demo/registry/documentLimits';

/** Reads the body of a request; `undefined` as soon as it is, or is known to become, too large. */
export async function readRequestBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_REQUEST_BYTES) {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Events and not an async iterator: leaving one early destroys the socket, and the refusal would not be read.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_REQUEST_BYTES) {
        chunks.length = 0;
        resolve(undefined);
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the request was broken off')));
  });
}
