import type { Clock } from '../../base/clock';
import type { Random } from '../../base/random';
import { objectAnswer, type Answer } from './answer';
import { PODS, type ApiResource } from './apiResource';
import { ApiStatusError, methodNotSupported, notFound } from './apiStatus';
import type { ComputedObjects } from './computedObjects';
import { computedPage, encodeList, listPage } from './listHandler';
import { parseListOptions } from './listOptions';
import { encodeObject, parseForm } from './objectForm';
import { StoredObject, type ObjectStorage } from './objectStorage';
import { streamPodLog } from './podLogHandler';
import { parsePodLog } from './podLogRequest';
import type { PodLogSource } from './podLogSource';
import { queryFlag } from './queryParameter';
import type { ResourceTarget } from './requestInfo';
import { parseSelection } from './selector';
import { createWatchEncoder } from './watchEncoder';
import { streamWatch, watchRequest } from './watchHandler';

export interface ReadHandlerOptions {
  readonly storage: ObjectStorage;
  readonly podLogs: PodLogSource;
  readonly computed: ComputedObjects;
  readonly clock: Clock;
  readonly random: Random;
}

/** Answers GET: one object, its log, a list, or a watch. Throws {@link ApiStatusError}. */
export class ReadHandler {
  readonly #options: ReadHandlerOptions;

  constructor(options: ReadHandlerOptions) {
    this.#options = options;
  }

  read(target: ResourceTarget, query: URLSearchParams, accept: string | undefined): Answer {
    const { resource, namespace, name, subresource } = target;
    const computed = this.#options.computed.of(resource)?.map((object) => new StoredObject(object, 0));
    if (computed !== undefined) {
      return this.#readComputed(computed, target, query, accept);
    }
    if (name === undefined) {
      return this.#readCollection(resource, namespace, query, accept);
    }
    const { storage, clock, podLogs } = this.#options;
    const stored = storage.get(resource, namespace, name);
    if (stored === undefined) {
      throw new ApiStatusError(notFound(resource, name));
    }
    if (resource === PODS && subresource === 'log') {
      const log = parsePodLog(stored.object, query, clock);
      return {
        status: 200,
        contentType: 'text/plain',
        body: (body) =>
          streamPodLog(podLogs, clock, log, body, () => storage.get(resource, namespace, name)?.object),
      };
    }
    return this.#readOne(resource, stored, query, accept);
  }

  #readComputed(
    objects: readonly StoredObject[],
    { resource, namespace, name }: ResourceTarget,
    query: URLSearchParams,
    accept: string | undefined,
  ): Answer {
    if (name === undefined) {
      if (queryFlag(query, 'watch')) {
        throw new ApiStatusError(methodNotSupported(resource, 'watch'));
      }
      const form = parseForm(accept, query);
      const selection = parseSelection(resource, namespace, query);
      const page = computedPage(objects, selection);
      return objectAnswer(encodeList(resource, page, form, this.#options.clock.now()));
    }
    const found = objects.find(
      ({ object }) => object.metadata.name === name && object.metadata.namespace === namespace,
    );
    if (found === undefined) {
      throw new ApiStatusError(notFound(resource, name));
    }
    return this.#readOne(resource, found, query, accept);
  }

  #readOne(
    resource: ApiResource,
    { object, json }: StoredObject,
    query: URLSearchParams,
    accept: string | undefined,
  ): Answer {
    const form = parseForm(accept, query);
    return objectAnswer(encodeObject(resource, object, json, form, this.#options.clock.now()));
  }

  #readCollection(
    resource: ApiResource,
    namespace: string | undefined,
    query: URLSearchParams,
    accept: string | undefined,
  ): Answer {
    const { storage, clock, random } = this.#options;
    const form = parseForm(accept, query);
    const selection = parseSelection(resource, namespace, query);
    const options = parseListOptions(query);
    if (!queryFlag(query, 'watch')) {
      const page = listPage(storage, resource, selection, options);
      return objectAnswer(encodeList(resource, page, form, clock.now()));
    }
    const request = watchRequest(storage, resource, selection.matches, options, random);
    const encoder = createWatchEncoder(resource, form, clock);
    return objectAnswer((body) => streamWatch(storage, clock, request, encoder, body));
  }
}
