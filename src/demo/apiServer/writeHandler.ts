import type { Clock } from '../../base/clock';
import type { KubeRequest } from '../../base/kubeFetch';
import type { KubeObject } from '../../base/kubeObject';
import { parseDeleteOptions, type DeleteOptions } from '../registry/deleteOptions';
import { parseObject } from '../registry/objectDecoder';
import type { ObjectWriter, Written } from '../registry/objectWriter';
import { parsePatch, patchTypeOf } from '../registry/patchDocument';
import { textOfBody } from '../registry/requestBody';
import type { WritePart } from '../registry/updateStrategy';
import { parseWriteOptions } from '../registry/writeOptions';
import { jsonAnswer, objectAnswer, withWarnings, type Answer } from './answer';
import type { ApiResource } from './apiResource';
import { ApiStatusError, badRequest, deletedStatus, methodNotSupported, notFound } from './apiStatus';
import { encodeList, listPage } from './listHandler';
import { parseListOptions } from './listOptions';
import { encodeObject, parseForm, type WrittenForm } from './objectForm';
import type { ObjectStorage } from './objectStorage';
import { parseSelection } from './selector';
import { headerOf } from './requestHeader';
import type { ResourceTarget } from './requestInfo';

/**
 * Answers the requests that change something. Throws {@link ApiStatusError}; nothing has changed then, unless it was one
 * object of several that could not be deleted. What the client accepts is judged first.
 */
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
    const form = parseForm(headerOf(request, 'accept'), query);
    const object = this.#parseObject(request);
    if (name !== undefined) {
      throw new ApiStatusError(methodNotSupported(this.#resource, 'create'));
    }
    const options = parseWriteOptions('CreateOptions', query, headerOf(request, 'user-agent'));
    return this.#answer(this.#writer.create(object, options), form);
  }

  #update(name: string | undefined, part: WritePart, query: URLSearchParams, request: KubeRequest): Answer {
    if (name === undefined) {
      throw new ApiStatusError(badRequest('name must be provided'));
    }
    const form = parseForm(headerOf(request, 'accept'), query);
    const options = parseWriteOptions('UpdateOptions', query, headerOf(request, 'user-agent'));
    return this.#answer(this.#writer.update(name, part, this.#parseObject(request), options), form);
  }

  #patch(name: string | undefined, part: WritePart, query: URLSearchParams, request: KubeRequest): Answer {
    const type = patchTypeOf(headerOf(request, 'content-type'));
    if (name === undefined) {
      throw new ApiStatusError(badRequest('name must be provided'));
    }
    const form = parseForm(headerOf(request, 'accept'), query);
    const isApply = type === 'apply';
    const options = parseWriteOptions('PatchOptions', query, headerOf(request, 'user-agent'), isApply);
    if (!isApply && this.#storage.get(this.#resource, undefined, name) === undefined) {
      throw new ApiStatusError(notFound(this.#resource, name));
    }
    const document = parsePatch(textOfBody(request.body), type);
    return this.#answer(this.#writer.patch(name, part, document, options), form);
  }

  #delete(name: string, query: URLSearchParams, request: KubeRequest): Answer {
    const form = parseForm(headerOf(request, 'accept'), query);
    const options = this.#parseDeleteOptions(query, request);
    const { type, object } = this.#writer.delete(name, options);
    return type === 'terminating'
      ? objectAnswer(this.#encode(object, form), options.orphanDependents === false ? 202 : 200)
      : jsonAnswer(200, deletedStatus(this.#resource, name, object.metadata.uid));
  }

  /** Deletes a list or a page of one, up to the first that cannot be deleted, and answers with it as it was. */
  #deleteAll(query: URLSearchParams, request: KubeRequest): Answer {
    const form = parseForm(headerOf(request, 'accept'), query);
    const selection = parseSelection(this.#resource, undefined, query);
    const page = listPage(this.#storage, this.#resource, selection, parseListOptions(query));
    const options = this.#parseDeleteOptions(query, request);
    for (const { object } of page.items) {
      const { name } = object.metadata;
      // A list of the past may hold what is gone.
      if (this.#storage.get(this.#resource, undefined, name) !== undefined) {
        this.#writer.delete(name, options);
      }
    }
    return objectAnswer(encodeList(this.#resource, page, form, this.#clock.now()));
  }

  #parseObject(request: KubeRequest) {
    return parseObject(textOfBody(request.body), headerOf(request, 'content-type'), this.#resource);
  }

  #parseDeleteOptions(query: URLSearchParams, request: KubeRequest): DeleteOptions {
    return parseDeleteOptions(textOfBody(request.body), headerOf(request, 'content-type'), query);
  }

  #answer({ object, isNew, warnings }: Written, form: WrittenForm): Answer {
    return withWarnings(objectAnswer(this.#encode(object, form), isNew ? 201 : 200), warnings);
  }

  #encode(object: KubeObject, form: WrittenForm): Iterable<string> {
    return encodeObject(this.#resource, object, JSON.stringify(object), form, this.#clock.now());
  }
}
