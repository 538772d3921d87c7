import type { Clock } from '../../base/clock';
import { isRecord } from '../../base/jsonRecord';
import type { KubeRequest } from '../../base/kubeFetch';
import type { DeletePreconditions } from '../registry/objectDeletion';
import { parseObject } from '../registry/objectDecoder';
import type { ObjectWriter, Written } from '../registry/objectWriter';
import { parsePatch } from '../registry/patchDocument';
import { parseJson } from '../registry/requestBody';
import type { WritePart } from '../registry/updateStrategy';
import { parseWriteOptions, requireFieldManager } from '../registry/writeOptions';
import { jsonAnswer, objectAnswer, withWarnings, type Answer } from './answer';
import type { ApiResource } from './apiResource';
import { ApiStatusError, badRequest, deletedStatus, methodNotSupported } from './apiStatus';
import { list } from './listHandler';
import { parseListOptions } from './listOptions';
import { encodeObject, parseForm } from './objectForm';
import type { ObjectStorage } from './objectStorage';
import { parseSelection } from './selector';
import { headerOf } from './requestHeader';
import type { ResourceTarget } from './requestInfo';

/** Answers the requests that change something. Throws {@link ApiStatusError}; nothing has changed then. */
export class WriteHandler {
  readonly #resource: ApiResource;
  readonly #writer: ObjectWriter;
  readonly #storage: ObjectStorage;
  readonly #clock: Clock;

  constructor(resource: ApiResource, writer: ObjectWriter, storage: ObjectStorage, clock: Clock) {
    this.#resource = resource;
    this.#writer = writer;
    this.#storage = storage;
    this.#clock = clock;
  }

  write(target: ResourceTarget, query: URLSearchParams, request: KubeRequest): Answer {
    const { name } = target;
    const part: WritePart = target.subresource === 'status' ? 'status' : 'object';
    switch (request.method) {
      case 'POST':
        return this.#create(name, query, request);
      case 'PUT':
        return this.#update(name, part, query, request);
      case 'PATCH':
        return this.#patch(name, part, query, request);
      case 'DELETE':
        if (part === 'status') {
          throw new ApiStatusError(methodNotSupported(this.#resource, 'delete'));
        }
        return name === undefined ? this.#deleteAll(query, request) : this.#delete(name, query, request);
      case 'GET':
      case undefined:
        throw new Error('a read came to the writer');
      default:
        return request.method satisfies never;
    }
  }

  #create(name: string | undefined, query: URLSearchParams, request: KubeRequest): Answer {
    const object = this.#parseObject(request);
    if (name !== undefined) {
      throw new ApiStatusError(methodNotSupported(this.#resource, 'create'));
    }
    const options = parseWriteOptions('CreateOptions', query, headerOf(request, 'user-agent'));
    return this.#answer(this.#writer.create(object, options), query, request);
  }

  #update(name: string | undefined, part: WritePart, query: URLSearchParams, request: KubeRequest): Answer {
    if (name === undefined) {
      throw new ApiStatusError(badRequest('name must be provided'));
    }
    const options = parseWriteOptions('UpdateOptions', query, headerOf(request, 'user-agent'));
    return this.#answer(this.#writer.update(name, part, this.#parseObject(request), options), query, request);
  }

  #patch(name: string | undefined, part: WritePart, query: URLSearchParams, request: KubeRequest): Answer {
    if (name === undefined) {
      throw new ApiStatusError(badRequest('name must be provided'));
    }
    const document = parsePatch(textOf(request), headerOf(request, 'content-type'));
    if (document.type === 'apply') {
      requireFieldManager(query);
    }
    const options = parseWriteOptions('PatchOptions', query, headerOf(request, 'user-agent'));
    return this.#answer(this.#writer.patch(name, part, document, options), query, request);
  }

  #delete(name: string, query: URLSearchParams, request: KubeRequest): Answer {
    const deletion = this.#writer.delete(name, parseDeleteOptions(query, request));
    const { object } = deletion;
    return deletion.type === 'terminating'
      ? jsonAnswer(200, object)
      : jsonAnswer(200, deletedStatus(this.#resource, name, object.metadata.uid));
  }

  /** Answers with the list of what was deleted. */
  #deleteAll(query: URLSearchParams, request: KubeRequest): Answer {
    const selection = parseSelection(this.#resource, undefined, query);
    const { isDryRun } = parseDeleteOptions(query, request);
    const form = parseForm(headerOf(request, 'accept'), query);
    const options = parseListOptions(query);
    const pieces = [...list(this.#storage, this.#resource, selection, options, form, this.#clock.now())];
    for (const { object } of this.#storage.listNow(this.#resource).items) {
      if (selection.matches(object)) {
        this.#writer.delete(object.metadata.name, { isDryRun });
      }
    }
    return objectAnswer(pieces);
  }

  #parseObject(request: KubeRequest) {
    return parseObject(textOf(request), headerOf(request, 'content-type'), this.#resource);
  }

  #answer({ object, isNew, warnings }: Written, query: URLSearchParams, request: KubeRequest): Answer {
    const form = parseForm(headerOf(request, 'accept'), query);
    const pieces = encodeObject(this.#resource, object, JSON.stringify(object), form, this.#clock.now());
    return withWarnings(objectAnswer(pieces, isNew ? 201 : 200), warnings);
  }
}

function textOf({ body = '' }: KubeRequest): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

/** From the body, a DeleteOptions, where there is one; a dry run may be asked for in the query, too. */
function parseDeleteOptions(query: URLSearchParams, request: KubeRequest): DeletePreconditions {
  const body = textOf(request);
  const options = body === '' ? {} : parseJson(body, 'error decoding DeleteOptions');
  const { preconditions, dryRun } = isRecord(options) ? options : {};
  const { uid, resourceVersion } = isRecord(preconditions) ? preconditions : {};
  return {
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
    isDryRun: query.get('dryRun') === 'All' || (Array.isArray(dryRun) && dryRun.includes('All')),
  };
}
