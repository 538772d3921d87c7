import type { Clock } from '../../base/clock';
import type { KubeObject } from '../../base/kubeObject';
import type { ApiResource } from '../apiServer/apiResource';
import { ApiStatusError, deletionConflict } from '../apiServer/apiStatus';
import type { ObjectStorage, StoredObject } from '../apiServer/objectStorage';
import { instant } from '../instant';
import { sortedKeys } from '../schema/sortedKeys';
import type { DeleteOptions } from './deleteOptions';
import { objectMetaOf } from './objectMeta';

export type Deletion =
  | { readonly type: 'deleted'; readonly object: KubeObject }
  /** It goes when its finalizers have gone. */
  | { readonly type: 'terminating'; readonly object: KubeObject };

/**
 * Deletes an object, or marks it as being deleted while it has finalizers. There is no garbage collector here: whatever
 * propagation is asked for, it is that of `Background`. Throws {@link ApiStatusError} where a precondition does not hold.
 */
export function deleteObject(
  storage: ObjectStorage,
  resource: ApiResource,
  clock: Clock,
  { object }: StoredObject,
  options: DeleteOptions,
): Deletion {
  const meta = objectMetaOf(object);
  checkPreconditions(resource, object, options);
  if (meta.finalizers.length === 0) {
    if (!options.isDryRun) {
      storage.delete(resource, undefined, meta.name);
    }
    return { type: 'deleted', object };
  }
  if (meta.deletionTimestamp !== undefined) {
    return { type: 'terminating', object };
  }
  const marked: KubeObject = {
    ...object,
    metadata: {
      ...sortedKeys({
        ...meta.record,
        deletionTimestamp: instant(clock.now()),
        deletionGracePeriodSeconds: 0,
        generation: (meta.generation ?? 1) + 1,
      }),
      name: meta.name,
    },
  };
  return {
    type: 'terminating',
    object: options.isDryRun ? marked : storage.put(resource, marked).object,
  };
}

function checkPreconditions(
  resource: ApiResource,
  { metadata }: KubeObject,
  { uid, resourceVersion }: DeleteOptions,
): void {
  const { name } = metadata;
  if (uid !== undefined && uid !== metadata.uid) {
    throw new ApiStatusError(
      deletionConflict(
        resource,
        name,
        `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
      ),
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw new ApiStatusError(
      deletionConflict(
        resource,
        name,
        `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
      ),
    );
  }
}
