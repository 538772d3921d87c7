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
import { answerReview, isReview } from '../access/reviews';
import { decodeReviewBody } from '../access/reviewBody';
import type { UserInfo } from '../access/userInfo';
import type { TokenLookup } from '../access/users';
import { discoveryDocument } from '../discovery/discoveryDocument';
import { instant } from '../instant';
import { openApiDocument } from '../openApi/openApiDocument';
import { openApiV2Document } from '../openApi/openApiV2Document';
import { ObjectWriter } from '../registry/objectWriter';
import { parseWriteOptions } from '../registry/writeOptions';
import { withObjectFields } from '../registry/resourceSchema';
import { clusterPersonaCrd } from '../schema/clusterPersonaCrd';
import { jsonAnswer, PATH_MALFORMED, PATH_NOT_FOUND, textAnswer, type Answer } from './answer';
import { CLUSTER_PERSONAS, type ApiResource } from './apiResource';
import { ApiStatusError, methodNotAllowed, notFound, serviceFailure } from './apiStatus';
import type { ComputedObjects } from './computedObjects';
import { Gatekeeper } from './gatekeeper';
import type { ObjectStorage } from './objectStorage';
import type { PodLogSource } from './podLogSource';
import { parseForm } from './objectForm';
import { ReadHandler } from './readHandler';
import { headerOf } from './requestHeader';
import { parseRequest, type RequestInfo, type ResourceTarget } from './requestInfo';
import { ResponseBody } from './responseBody';
import { WriteHandler } from './writeHandler';

export interface ApiServerOptions {
  readonly storage: ObjectStorage;
  readonly podLogs: PodLogSource;
  readonly computed: ComputedObjects;
  readonly clock: Clock;
  readonly random: Random;
  /** Absent: nobody needs a token, and everybody is the admin. */
  readonly lookUpToken?: TokenLookup;
  readonly logger: Logger;
  /** What `/version` answers. */
  readonly version: Readonly<Record<string, string>>;
}

/**
 * A Kubernetes API server as a function from request to streamed answer, in process. Once it is disposed every open body
 * throws {@link KubeTransportError} `closed`, and so does every new request.
 */
export class ApiServer implements Disposable {
  readonly #options: ApiServerOptions;
  readonly #reads: ReadHandler;
  readonly #writes: WriteHandler;
  readonly #gatekeeper: Gatekeeper;
  readonly #openBodies = new Set<ResponseBody>();
  #isDisposed = false;

  constructor(options: ApiServerOptions) {
    this.#options = options;
    const { storage, clock, random } = options;
    this.#reads = new ReadHandler(options);
    this.#gatekeeper = new Gatekeeper(options.lookUpToken);
    this.writer = new ObjectWriter({
      storage,
      clock,
      random,
      resource: CLUSTER_PERSONAS,
      schema: withObjectFields(clusterPersonaCrd().schema),
    });
    this.#writes = new WriteHandler(CLUSTER_PERSONAS, this.writer, storage, clock);
  }

  /** Writes ClusterPersonas by the rules that hold for everybody. */
  readonly writer: ObjectWriter;

  /** Answers and streams that somebody may still read. */
  get openBodyCount(): number {
    return this.#openBodies.size;
  }

  readonly fetch: KubeFetch = async (path, request = {}) => {
    request.signal?.throwIfAborted();
    if (this.#isDisposed) {
      throw closed();
    }
    return this.#respond(request, this.#answerTo(path, request));
  };

  dispose(): void {
    this.#isDisposed = true;
    for (const body of this.#openBodies) {
      body.fail(closed());
    }
  }

  #answerTo(path: string, request: KubeRequest): Answer {
    try {
      const info = parseRequest(path);
      return this.#route(info, request, this.#gatekeeper.admit(info, request));
    } catch (error) {
      if (error instanceof ApiStatusError) {
        return jsonAnswer(error.status.code, error.status);
      }
      this.#options.logger.error('a request failed', error);
      return jsonAnswer(500, serviceFailure());
    }
  }

  #route({ pathname, target, query }: RequestInfo, request: KubeRequest, user: UserInfo): Answer {
    switch (target.type) {
      case 'other': {
        const v2 = openApiV2Document(pathname, headerOf(request, 'accept'));
        if (v2 !== undefined) {
          return { status: 200, contentType: v2.contentType, body: [v2.text] };
        }
        const found = discoveryDocument(pathname, headerOf(request, 'accept')) ?? openApiDocument(pathname);
        if (found === undefined) {
          return PATH_NOT_FOUND;
        }
        requireRead(request);
        return { ...jsonAnswer(200, found.document), contentType: found.contentType };
      }
      case 'malformed':
        return PATH_MALFORMED;
      case 'health':
        return textAnswer(200, 'ok');
      case 'version':
        requireRead(request);
        return jsonAnswer(200, this.#options.version);
      case 'resource':
        return this.#routeResource(target, query, request, user);
      default:
        return target satisfies never;
    }
  }

  #routeResource(
    target: ResourceTarget,
    query: URLSearchParams,
    request: KubeRequest,
    user: UserInfo,
  ): Answer {
    const { resource, subresource } = target;
    if (subresource !== undefined && !hasSubresource(resource, subresource)) {
      return unknownSubresource(target);
    }
    const isRead = isReading(request);
    if (isReview(resource)) {
      return this.#review(target, query, request, user);
    }
    if (isRead) {
      return this.#reads.read(target, query, headerOf(request, 'accept'));
    }
    if (resource === CLUSTER_PERSONAS) {
      return this.#writes.write(target, query, request);
    }
    throw new ApiStatusError(methodNotAllowed());
  }

  #review(
    { resource, name }: ResourceTarget,
    query: URLSearchParams,
    request: KubeRequest,
    requester: UserInfo,
  ): Answer {
    if (name !== undefined) {
      return PATH_NOT_FOUND;
    }
    if (request.method !== 'POST') {
      throw new ApiStatusError(methodNotAllowed());
    }
    parseForm(headerOf(request, 'accept'), query);
    parseWriteOptions('CreateOptions', query, headerOf(request, 'user-agent'));
    const review = decodeReviewBody(resource, headerOf(request, 'content-type'), request.body ?? '');
    const now = instant(this.#options.clock.now());
    const { lookUpToken } = this.#gatekeeper;
    return jsonAnswer(201, answerReview(resource, review, { requester, lookUpToken, now }));
  }

  #respond(request: KubeRequest, { status, contentType, headers, body: content }: Answer): KubeResponse {
    let stream: Disposable | undefined;
    const body = new ResponseBody(
      request.signal,
      (closedBody) => {
        this.#openBodies.delete(closedBody);
        stream?.dispose();
      },
      typeof content === 'function' ? undefined : content,
    );
    this.#openBodies.add(body);
    if (typeof content === 'function') {
      stream = content(body);
      if (body.isClosed) {
        stream.dispose();
      }
    }
    const all: Readonly<Record<string, string>> = { ...headers, 'content-type': contentType };
    return { status, header: (name) => all[name.toLowerCase()], body };
  }
}

function isReading({ method = 'GET' }: KubeRequest): boolean {
  return method === 'GET';
}

/** Throws a 405 {@link ApiStatusError}. */
function requireRead(request: KubeRequest): void {
  if (!isReading(request)) {
    throw new ApiStatusError(methodNotAllowed());
  }
}

function hasSubresource({ subresources }: ApiResource, name: string): boolean {
  return subresources.some((subresource) => subresource.name === name);
}

/** Custom resources are found missing as a whole, as a real API server has it. */
function unknownSubresource({ resource, name = '' }: ResourceTarget): Answer {
  return resource === CLUSTER_PERSONAS ? jsonAnswer(404, notFound(resource, name)) : PATH_NOT_FOUND;
}

function closed(): KubeTransportError {
  return new KubeTransportError('closed', 'the demo cluster was stopped');
}
