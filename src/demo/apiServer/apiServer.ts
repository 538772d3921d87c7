import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import {
  KubeTransportError,
  type KubeFetch,
  type KubeRequest,
  type KubeResponse,
} from '../../base/kubeFetch';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import { PODS } from './apiResource';
import { ApiStatusError, methodNotAllowed, notFound, serviceFailure } from './apiStatus';
import { list } from './listHandler';
import type { ObjectStorage } from './objectStorage';
import { parsePodLog, streamPodLog } from './podLogHandler';
import type { PodLogSource } from './podLogSource';
import { queryFlag } from './queryNumber';
import { parseRequest, type RequestInfo, type RequestTarget } from './requestInfo';
import { ResponseBody } from './responseBody';
import { parseWatch, streamWatch } from './watchHandler';

export interface ApiServerOptions {
  readonly storage: ObjectStorage;
  readonly podLogs: PodLogSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** What `/version` answers. */
  readonly version: Readonly<Record<string, string>>;
}

type ResourceTarget = Extract<RequestTarget, { type: 'resource' }>;

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** Writes the body of an answer as time goes by; disposed when nobody reads it any more. */
type Stream = (body: ResponseBody) => Disposable;

/**
 * A Kubernetes API server as a function from request to answer, in process. Reads only, so far. Once it is disposed
 * every open body throws {@link KubeTransportError} `closed`, and so does every new request.
 */
export class ApiServer implements Disposable {
  readonly #options: ApiServerOptions;
  readonly #openBodies = new Set<ResponseBody>();
  #isDisposed = false;

  constructor(options: ApiServerOptions) {
    this.#options = options;
  }

  /** Answers and streams that somebody may still read. */
  get openBodyCount(): number {
    return this.#openBodies.size;
  }

  readonly fetch: KubeFetch = async (path, request = {}) => {
    request.signal?.throwIfAborted();
    if (this.#isDisposed) {
      throw closed();
    }
    try {
      return this.#route(parseRequest(path), request);
    } catch (error) {
      if (error instanceof ApiStatusError) {
        return this.#json(request, error.status.code, error.status);
      }
      this.#options.logger.error('a request failed', error);
      return this.#json(request, 500, serviceFailure());
    }
  };

  dispose(): void {
    this.#isDisposed = true;
    for (const body of this.#openBodies) {
      body.fail(closed());
    }
  }

  #route({ target, query }: RequestInfo, request: KubeRequest): KubeResponse {
    switch (target.type) {
      case 'unknown':
        return this.#answer(request, 404, TEXT_TYPE, ['404 page not found\n']);
      case 'health':
        return this.#answer(request, 200, TEXT_TYPE, ['ok']);
      case 'version':
        return this.#json(request, 200, this.#options.version);
      case 'resource':
        if ((request.method ?? 'GET') !== 'GET') {
          throw new ApiStatusError(methodNotAllowed());
        }
        return this.#read(target, query, request);
      default:
        return target satisfies never;
    }
  }

  #read(target: ResourceTarget, query: URLSearchParams, request: KubeRequest): KubeResponse {
    const { resource, namespace, name, subresource } = target;
    const { storage, clock, random, podLogs } = this.#options;
    if (name === undefined) {
      if (!queryFlag(query, 'watch')) {
        return this.#answer(request, 200, JSON_TYPE, list(storage, resource, namespace, query));
      }
      const watch = parseWatch(resource, namespace, query, random);
      return this.#stream(request, JSON_TYPE, (body) => streamWatch(storage, clock, watch, body));
    }
    const stored = storage.get(resource, namespace, name);
    if (subresource !== undefined && !(resource === PODS && subresource === 'log')) {
      return this.#answer(request, 404, TEXT_TYPE, ['404 page not found\n']);
    }
    if (stored === undefined) {
      throw new ApiStatusError(notFound(resource, name));
    }
    if (subresource === undefined) {
      return this.#answer(request, 200, JSON_TYPE, [stored.json]);
    }
    const log = parsePodLog(stored.object, query, clock);
    return this.#stream(request, 'text/plain', (body) => streamPodLog(podLogs, clock, log, body));
  }

  #json(request: KubeRequest, status: number, value: unknown): KubeResponse {
    return this.#answer(request, status, JSON_TYPE, [`${JSON.stringify(value)}\n`]);
  }

  #answer(request: KubeRequest, status: number, contentType: string, source: Iterable<string>): KubeResponse {
    const body = new ResponseBody(
      request.signal,
      (closedBody) => this.#openBodies.delete(closedBody),
      source,
    );
    this.#openBodies.add(body);
    return { status, header: headersOf(contentType), body };
  }

  #stream(request: KubeRequest, contentType: string, start: Stream): KubeResponse {
    let stream: Disposable | undefined;
    const body = new ResponseBody(request.signal, (closedBody) => {
      this.#openBodies.delete(closedBody);
      stream?.dispose();
    });
    this.#openBodies.add(body);
    stream = start(body);
    if (body.isClosed) {
      stream.dispose();
    }
    return { status: 200, header: headersOf(contentType), body };
  }
}

function headersOf(contentType: string): KubeResponse['header'] {
  return (name) => (name.toLowerCase() === 'content-type' ? contentType : undefined);
}

function closed(): KubeTransportError {
  return new KubeTransportError('closed', 'the demo cluster was stopped');
}
