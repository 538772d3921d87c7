import type { KubeObject } from '../../base/kubeObject';
import type { MetaVersion } from './negotiateTable';

/** An object's metadata alone. */
export function partialObject(object: KubeObject, version: MetaVersion): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}

/** A PartialObjectMetadataList as pieces of JSON; `listMetadata` is that of the list. */
export function* encodePartialList(
  objects: Iterable<KubeObject>,
  listMetadata: object,
  version: MetaVersion,
): Generator<string, void, void> {
  const head = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}` };
  yield `${JSON.stringify(head).slice(0, -1)},"metadata":${JSON.stringify(listMetadata)},"items":[`;
  let separator = '';
  for (const object of objects) {
    yield `${separator}${JSON.stringify(partialObject(object, version))}`;
    separator = ',';
  }
  yield ']}\n';
}
