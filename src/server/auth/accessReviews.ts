import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { Access } from '../../hub/guest';
import type { Hub } from '../../hub/hub';
import type { Identity } from '../../kube/identity';
import { reviewSubjectAccess, type ReviewedAccess } from '../../kube/subjectAccessReview';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import { abroad, identityKey } from './identityKey';
import { ReviewCache } from './reviewCache';

export interface AccessReviewsOptions {
  readonly clock: Clock;
  readonly hub: Hub;
  /** The source whose cluster's names identities are. */
  readonly home: string;
  readonly keepMs: number;
}

/** Undefined where it is allowed, else why not, in the API server's words. */
export type Verdict = string | undefined;

/** Says whether somebody may do something with a source: what the source's own cluster says. */
export class AccessReviews implements Disposable {
  readonly #options: AccessReviewsOptions;
  /** One for each source: one that does not answer keeps no other one waiting. */
  readonly #caches = new Map<string, ReviewCache<boolean>>();

  constructor(options: AccessReviewsOptions) {
    this.#options = options;
  }

  /** How many questions were put to clusters. */
  get asked(): number {
    return [...this.#caches.values()].reduce((sum, { asked }) => sum + asked, 0);
  }

  /** Rejects where nobody can say now. */
  async review(source: string, identity: Identity, access: Access): Promise<Verdict> {
    const { hub, home } = this.#options;
    if (hub.source(source)?.definition.kind === 'hub') {
      return 'what somebody may do in a cluster behind another hub cannot be asked';
    }
    const here = source === home ? identity : abroad(identity);
    if (here === undefined) {
      return `User "${identity.user}" is one of another cluster`;
    }
    if (!namesOf(access).every((name) => NAME.test(name))) {
      return 'a name has characters that no name of Kubernetes has';
    }
    const key = identityKey(here);
    for (const part of partsOf(access)) {
      if (!(await this.#ask(source, key, here, part))) {
        return refusalOf(here.user, part);
      }
    }
    return undefined;
  }

  dispose(): void {
    for (const cache of this.#caches.values()) {
      cache.dispose();
    }
    this.#caches.clear();
  }

  #ask(source: string, key: string, identity: Identity, access: ReviewedAccess): Promise<boolean> {
    const { hub } = this.#options;
    let cache = this.#caches.get(source);
    if (cache === undefined) {
      cache = new ReviewCache(this.#options);
      this.#caches.set(source, cache);
    }
    return cache.get(`${key} ${JSON.stringify(access)}`, async (signal) =>
      reviewSubjectAccess(hub.requireSource(source).fetch(), identity, access, signal),
    );
  }
}

/**
 * What is reviewed has to be what is asked for afterwards, with the rights of the hub: no name may lead anywhere else. An empty one
 * stands for all, also in a review.
 */
const NAME = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?)?$/;

function namesOf(access: Access): readonly string[] {
  switch (access.type) {
    case 'pods':
      return [access.namespace];
    case 'logs':
      return [access.namespace, access.pod];
    default:
      return [];
  }
}

/** All of these have to be allowed: what the hub does for whoever has the access. */
function partsOf(access: Access): readonly ReviewedAccess[] {
  switch (access.type) {
    case 'personas': {
      const { group, plural: resource } = CLUSTER_PERSONA;
      return [
        { verb: 'list', group, resource },
        { verb: 'watch', group, resource },
      ];
    }
    case 'metrics':
      return [{ verb: 'list', group: 'metrics.k8s.io', resource: 'nodes' }];
    case 'pods':
      return ['list', 'watch'].map((verb) => ({
        verb,
        group: '',
        resource: 'pods',
        namespace: access.namespace,
      }));
    case 'logs': {
      const { namespace, pod: name } = access;
      return [{ verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace, name }];
    }
    case 'path':
      return [{ verb: 'get', path: access.path }];
    default:
      return access satisfies never;
  }
}

function refusalOf(user: string, access: ReviewedAccess): string {
  if ('path' in access) {
    return `User "${user}" cannot ${access.verb} path "${access.path}"`;
  }
  const { verb, group, resource, subresource, namespace } = access;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where =
    namespace === undefined || namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
}
