import type { KubeObject } from '../../base/kubeObject';
import type { ApiResource } from './apiResource';

/** Makes the objects of resources that are never stored, such as metrics, as they are at this moment. */
export interface ComputedObjects {
  /** `undefined` for a resource whose objects are stored. */
  of(resource: ApiResource): readonly KubeObject[] | undefined;
}
