import type { PathAttributes, RequestAttributes, ResourceAttributes } from './requestAttributes';
import type { UserInfo } from './userInfo';
import { AUTHENTICATED_GROUP, BUILT_IN_USERS, MASTERS_GROUP, UNAUTHENTICATED_GROUP } from './users';

/** As in `rbac.authorization.k8s.io/v1`; `*` is everything. */
interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `pods`, `pods/log`, `*`. */
  readonly resources: readonly string[];
}

interface NonResourceRule {
  readonly verbs: readonly string[];
  /** Paths; a `*` at the end stands for whatever follows. */
  readonly nonResourceURLs: readonly string[];
}

export interface AccessRules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly NonResourceRule[];
}

const HEALTH_PATHS = ['/healthz', '/livez', '/readyz'];
const VERSION_PATHS = ['/version', '/version/'];
const DISCOVERY_PATHS = ['/api', '/api/*', '/apis', '/apis/*'];
const OPEN_API_PATHS = ['/openapi', '/openapi/*'];

/** Of `system:public-info-viewer`. */
const PUBLIC_INFO: NonResourceRule = { verbs: ['get'], nonResourceURLs: [...HEALTH_PATHS, ...VERSION_PATHS] };

/** What single users may do beyond what their groups may. */
const RULES_BY_USER: ReadonlyMap<string, AccessRules> = new Map([
  [
    BUILT_IN_USERS.viewer.username,
    {
      resourceRules: [{ verbs: ['get', 'list', 'watch'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [],
    },
  ],
]);

/** What each group may do in the whole cluster; there are no rules for single namespaces. */
const RULES_BY_GROUP: ReadonlyMap<string, AccessRules> = new Map([
  [
    MASTERS_GROUP,
    {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    },
  ],
  [
    // `system:basic-user` and `system:discovery`.
    AUTHENTICATED_GROUP,
    {
      resourceRules: [
        {
          verbs: ['create'],
          apiGroups: ['authorization.k8s.io'],
          resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        },
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
      ],
      nonResourceRules: [
        PUBLIC_INFO,
        {
          verbs: ['get'],
          nonResourceURLs: [
            ...DISCOVERY_PATHS,
            '/healthz',
            '/livez',
            ...OPEN_API_PATHS,
            '/readyz',
            ...VERSION_PATHS,
          ],
        },
      ],
    },
  ],
  [UNAUTHENTICATED_GROUP, { resourceRules: [], nonResourceRules: [PUBLIC_INFO] }],
]);

/** Everything a user may do. */
export function rulesOf(user: UserInfo): AccessRules {
  const rules = [
    ...user.groups.flatMap((group) => RULES_BY_GROUP.get(group) ?? []),
    ...[RULES_BY_USER.get(user.username) ?? []].flat(),
  ];
  return {
    resourceRules: rules.flatMap(({ resourceRules }) => resourceRules),
    nonResourceRules: rules.flatMap(({ nonResourceRules }) => nonResourceRules),
  };
}

export function isAllowed(user: UserInfo, attributes: RequestAttributes): boolean {
  const { resourceRules, nonResourceRules } = rulesOf(user);
  return attributes.type === 'resource'
    ? resourceRules.some((rule) => coversResource(rule, attributes))
    : nonResourceRules.some((rule) => coversPath(rule, attributes));
}

function coversResource(
  { verbs, apiGroups, resources }: ResourceRule,
  attributes: ResourceAttributes,
): boolean {
  const { verb, group, resource, subresource } = attributes;
  const qualified = subresource === undefined ? resource : `${resource}/${subresource}`;
  return (
    includesOrAll(verbs, verb) &&
    includesOrAll(apiGroups, group) &&
    (includesOrAll(resources, qualified) ||
      (subresource !== undefined && resources.includes(`*/${subresource}`)))
  );
}

function coversPath({ verbs, nonResourceURLs }: NonResourceRule, { verb, path }: PathAttributes): boolean {
  return (
    includesOrAll(verbs, verb) &&
    nonResourceURLs.some((url) => (url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : path === url))
  );
}

function includesOrAll(allowed: readonly string[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}
