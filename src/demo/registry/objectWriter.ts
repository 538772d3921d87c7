import type { Clock } from '../../base/clock';
import type { JsonRecord } from '../../base/jsonRecord';
import type { KubeObject } from '../../base/kubeObject';
import type { Random } from '../../base/random';
import { apiVersionOf, type ApiResource } from '../apiServer/apiResource';
import {
  alreadyExists,
  ApiStatusError,
  applyConflict,
  badRequest,
  conflict,
  invalid,
  invalidKind,
  notFound,
  unclassified,
} from '../apiServer/apiStatus';
import type { ObjectStorage, StoredObject } from '../apiServer/objectStorage';
import { nameSuffix, uuid } from '../chance';
import { ApplyConflict } from '../fieldManager/applyConflict';
import {
  applyConfiguration,
  trackUpdate,
  type Applied,
  type FieldManagerOptions,
} from '../fieldManager/fieldManager';
import { instant } from '../instant';
import { withDefaults } from '../schema/defaulting';
import { invalidValue, type FieldError } from '../schema/fieldError';
import { sortedKeys } from '../schema/sortedKeys';
import type { StructuralSchema } from '../schema/structuralSchema';
import { validate } from '../schema/validation';
import { checkApplied } from './appliedConfiguration';
import {
  checkMetadata,
  decodeObject,
  withMetadataTexts,
  withoutEmptyMetadata,
  type ParsedObject,
} from './objectDecoder';
import type { DeleteOptions } from './deleteOptions';
import { deleteObject, type Deletion } from './objectDeletion';
import { objectMetaOf, validateObjectMeta, validateObjectMetaUpdate } from './objectMeta';
import { patched, type PatchDocument } from './patchDocument';
import {
  isSameButForTimes,
  keepSystemFields,
  mergeParts,
  resetFieldsOf,
  type WritePart,
} from './updateStrategy';
import type { WriteOptions } from './writeOptions';

export interface ObjectWriterOptions {
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly random: Random;
  /** Cluster-scoped, with a status of its own. */
  readonly resource: ApiResource;
  /** Of whole objects. */
  readonly schema: StructuralSchema;
}

export interface Written {
  /** As it is now; of a dry run as it would be. */
  readonly object: KubeObject;
  readonly isNew: boolean;
  readonly warnings: readonly string[];
}

const SUFFIX_LENGTH = 5;

/** etcd's `--max-request-bytes`, nearly: characters are counted, and of a request the object alone. */
const MAX_STORED_LENGTH = 1.5 * 1024 * 1024;

/**
 * Creates, changes and deletes the objects of one resource by the rules of an API server: fields are pruned, defaulted,
 * validated and have owners, writes that are based on something old are refused, and those that change nothing leave no
 * trace. Every refusal is an {@link ApiStatusError}; nothing is stored then.
 */
export class ObjectWriter {
  readonly #options: ObjectWriterOptions;

  constructor(options: ObjectWriterOptions) {
    this.#options = options;
  }

  create(body: ParsedObject, options: WriteOptions): Written {
    const { resource, schema } = this.#options;
    const { object, warnings } = decodeObject(body, resource, schema, options.fieldValidation);
    if (objectMetaOf(object).resourceVersion !== undefined) {
      throw new ApiStatusError(badRequest('resourceVersion should not be set on objects to be created'));
    }
    const tracked = trackUpdate(undefined, object, this.#tracking('Update', 'object', options));
    return { object: this.#insert(tracked, options), isNew: true, warnings };
  }

  update(name: string, part: WritePart, body: ParsedObject, options: WriteOptions): Written {
    const { resource, schema } = this.#options;
    const { object, warnings } = decodeObject(body, resource, schema, options.fieldValidation);
    this.#checkName(name, object);
    const before = this.#require(name);
    const { resourceVersion, uid } = objectMetaOf(object);
    if (resourceVersion === undefined) {
      throw new ApiStatusError(
        invalidKind(resource.plural, resource.group, name, [
          invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
        ]),
      );
    }
    if (uid !== undefined && uid !== before.object.metadata.uid) {
      throw new ApiStatusError(conflict(resource, name, otherUid(resource, before.object, uid)));
    }
    return { object: this.#replace(before, part, object, options), isNew: false, warnings };
  }

  /** An apply creates what is not there; other patches need something to change. */
  patch(name: string, part: WritePart, document: PatchDocument, options: WriteOptions): Written {
    if (document.type === 'apply') {
      return this.#apply(name, part, document.config, options);
    }
    const { resource, schema } = this.#options;
    const before = this.#require(name);
    const changed = patched(before.object, document);
    const { object, warnings } = decodeObject(
      { object: changed, duplicates: [] },
      resource,
      schema,
      options.fieldValidation,
      (message) =>
        new ApiStatusError(
          invalidKind('', '', '', [invalidValue('patch', JSON.stringify(sortedKeys(changed)), message)]),
        ),
    );
    this.#checkName(name, object);
    return { object: this.#replace(before, part, object, options), isNew: false, warnings };
  }

  /** The status as an operator writes it; `undefined` where there is no such object any more. */
  replaceStatus(name: string, status: JsonRecord, manager: string): KubeObject | undefined {
    const before = this.#options.storage.get(this.#options.resource, undefined, name);
    return before === undefined
      ? undefined
      : this.#replace(
          before,
          'status',
          { ...before.object, status },
          {
            manager,
            isDryRun: false,
            fieldValidation: 'Ignore',
            force: false,
          },
        );
  }

  delete(name: string, options: DeleteOptions): Deletion {
    const { storage, resource, clock } = this.#options;
    return deleteObject(storage, resource, clock, this.#require(name), options);
  }

  #apply(name: string, part: WritePart, given: JsonRecord, options: WriteOptions): Written {
    const { resource, schema, storage } = this.#options;
    const config = withMetadataTexts(given);
    checkMetadata(config['metadata'], resource);
    const checked = checkApplied(config, resource, schema, name);
    const before = storage.get(resource, undefined, name);
    if (before === undefined && part === 'status') {
      throw new ApiStatusError(notFound(resource, name));
    }
    if (before !== undefined) {
      this.#checkVersion(before, checked);
    }
    const applied = orConflictStatus(() =>
      applyConfiguration(before?.object, checked, options.force, this.#tracking('Apply', part, options)),
    );
    const next = withDefaults(withoutEmptyMetadata(applied.object), schema);
    if (before === undefined) {
      return { object: this.#insert(next, options), isNew: true, warnings: [] };
    }
    const object = applied.isUnchanged
      ? before.object
      : this.#commit(before, part, keepSystemFields(before.object, next), options);
    return { object, isNew: false, warnings: [] };
  }

  #insert(tracked: JsonRecord, options: WriteOptions): KubeObject {
    const { resource, schema, clock, random, storage } = this.#options;
    const { status: _, ...object } = tracked;
    const meta = objectMetaOf(object);
    const name =
      meta.name === '' && meta.generateName !== undefined
        ? `${meta.generateName}${nameSuffix(random, SUFFIX_LENGTH)}`
        : meta.name;
    const { deletionTimestamp: __, deletionGracePeriodSeconds: ___, ...kept } = meta.record;
    const complete = this.#toObject({
      ...object,
      metadata: {
        ...kept,
        name,
        uid: uuid(random),
        generation: 1,
        creationTimestamp: instant(clock.now()),
        // Where the storage will put the version; a dry run has none.
        ...(!options.isDryRun && { resourceVersion: '' }),
      },
    });
    this.#throwIfInvalid(name, [...validateObjectMeta({ ...meta, name }), ...validate(complete, schema)]);
    if (storage.get(resource, undefined, name) !== undefined) {
      throw new ApiStatusError(alreadyExists(resource, name));
    }
    return this.#store(complete, options.isDryRun);
  }

  #replace(before: StoredObject, part: WritePart, written: JsonRecord, options: WriteOptions): KubeObject {
    this.#checkVersion(before, written);
    const next = keepSystemFields(before.object, written);
    const tracked = trackUpdate(before.object, next, this.#tracking('Update', part, options));
    return this.#commit(before, part, tracked, options);
  }

  #commit(before: StoredObject, part: WritePart, tracked: JsonRecord, options: WriteOptions): KubeObject {
    const { resource, schema, storage } = this.#options;
    const { name } = before.object.metadata;
    const next = this.#toObject(mergeParts(before.object, tracked, part));
    const meta = objectMetaOf(next);
    const status = schema.properties.get('status');
    this.#throwIfInvalid(name, [
      ...validateObjectMetaUpdate(meta, objectMetaOf(before.object)),
      ...(part === 'object' || status === undefined || next['status'] === undefined
        ? validate(next, schema)
        : validate(next['status'], status, 'status')),
    ]);
    if (isSameButForTimes(before.object, next)) {
      return before.object;
    }
    if (meta.deletionTimestamp !== undefined && meta.finalizers.length === 0) {
      if (!options.isDryRun) {
        storage.delete(resource, undefined, name);
      }
      return next;
    }
    return this.#store(next, options.isDryRun);
  }

  #store(object: KubeObject, isDryRun: boolean): KubeObject {
    if (!isDryRun && JSON.stringify(object).length > MAX_STORED_LENGTH) {
      throw new ApiStatusError(unclassified('etcdserver: request is too large'));
    }
    return isDryRun ? object : this.#options.storage.put(this.#options.resource, object).object;
  }

  #require(name: string): StoredObject {
    const { storage, resource } = this.#options;
    const stored = storage.get(resource, undefined, name);
    if (stored === undefined) {
      throw new ApiStatusError(notFound(resource, name));
    }
    return stored;
  }

  #checkName(name: string, object: JsonRecord): void {
    const given = objectMetaOf(object).name;
    if (given === '') {
      throw new ApiStatusError(
        badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`),
      );
    }
    if (given !== name) {
      throw new ApiStatusError(
        badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`),
      );
    }
  }

  /** What is written must be based on what there is, where it says what it is based on. */
  #checkVersion({ object }: StoredObject, written: JsonRecord): void {
    const { resource } = this.#options;
    const { resourceVersion } = objectMetaOf(written);
    if (resourceVersion !== undefined && !/^\d+$/.test(resourceVersion)) {
      throw new ApiStatusError(
        unclassified(`strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`),
      );
    }
    if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
      throw new ApiStatusError(
        conflict(
          resource,
          object.metadata.name,
          'the object has been modified; please apply your changes to the latest version and try again',
        ),
      );
    }
  }

  #throwIfInvalid(name: string, errors: readonly FieldError[]): void {
    if (errors.length > 0) {
      throw new ApiStatusError(invalid(this.#options.resource, name, errors));
    }
  }

  #tracking(operation: 'Apply' | 'Update', part: WritePart, { manager }: WriteOptions): FieldManagerOptions {
    const { schema, clock, resource } = this.#options;
    return {
      schema,
      identity: {
        manager,
        operation,
        apiVersion: apiVersionOf(resource),
        subresource: part === 'status' ? 'status' : '',
      },
      now: instant(clock.now()),
      resetFields: resetFieldsOf(part),
    };
  }

  #toObject(record: JsonRecord): KubeObject {
    const { resource } = this.#options;
    const { metadata, ...rest } = record;
    const sorted = sortedKeys({ ...rest, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata });
    const { name, record: sortedMetadata } = objectMetaOf(sorted);
    return { ...sorted, metadata: { ...sortedMetadata, name } };
  }
}

/** In the words of the storage, where it is noticed. */
function otherUid({ group, plural }: ApiResource, { metadata }: KubeObject, uid: string): string {
  return (
    `StorageError: invalid object, Code: 4, Key: /registry/${group}/${plural}/${metadata.name}, ResourceVersion: 0, ` +
    `AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`
  );
}

/** A conflict between managers, as the answer to a request. */
function orConflictStatus(apply: () => Applied): Applied {
  try {
    return apply();
  } catch (error) {
    if (error instanceof ApplyConflict) {
      throw new ApiStatusError(applyConflict(error.message, error.causes));
    }
    throw error;
  }
}
