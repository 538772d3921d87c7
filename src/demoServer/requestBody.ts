import type { IncomingMessage } from 'node:http';

/** kube-apiserver's `MaxRequestBodyBytes`: etcd's 1.5 MiB a request, doubled since JSON is longer than protobuf. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/** Reads the body of a request as UTF-8; `undefined` as soon as it is, or is known to become, too large. */
export async function readRequestBody(request: IncomingMessage): Promise<string | undefined> {
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
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the request was broken off')));
  });
}
