import type { KubeObject } from '../../base/kubeObject';
import type { ApiResource } from './apiResource';
import { parseFieldSelector } from './fieldSelector';
import { parseLabelSelector } from './labelSelector';

/** Whether an object belongs to what was asked for. */
export type ObjectFilter = (object: KubeObject) => boolean;

/** What a list or a watch is about. */
export interface Selection {
  /** `undefined`: everywhere. */
  readonly namespace: string | undefined;
  /** By namespace and by both selectors. */
  readonly matches: ObjectFilter;
  /** A selector may leave something out of what is there. */
  readonly isSelective: boolean;
}

/** Throws {@link ApiStatusError} for a selector that is not understood. */
export function parseSelection(
  resource: ApiResource,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection {
  const labelTests = parseLabelSelector(query.get('labelSelector') ?? '');
  const fieldTests = parseFieldSelector(resource, query.get('fieldSelector') ?? '');
  return {
    namespace,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      fieldTests.every((test) => test(object)) &&
      labelTests.every((test) => test(object.metadata.labels ?? {})),
    isSelective: labelTests.length > 0 || fieldTests.length > 0,
  };
}
