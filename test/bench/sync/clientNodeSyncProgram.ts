import {
  KubeConfig,
  makeInformer,
  type KubernetesListObject,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { serveSync } from './serveSync';

/** The official client's informer, as its documentation uses it. */
serveSync((kubeconfig) => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const { group, version, plural } = CLUSTER_PERSONA;
  const list = async (): Promise<KubernetesListObject<KubernetesObject>> =>
    api.listClusterCustomObject({ group, version, plural });
  const informer = makeInformer(config, CLUSTER_PERSONA.path, list);
  let failure: unknown;
  informer.on('error', (error: unknown) => {
    failure = error;
  });
  return Promise.resolve(async () => {
    // Resolves when the list is held and the watch was answered.
    await informer.start();
    if (failure !== undefined) {
      throw new Error('the informer failed', { cause: failure });
    }
    return { objects: informer.list().length };
  });
});
