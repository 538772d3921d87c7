import { API_RESOURCES, type ApiResource } from '../apiServer/apiResource';

/** A group of the API with its one version and what is in it. */
export interface ApiGroup {
  /** Empty for the core group. */
  readonly name: string;
  readonly version: string;
  /** By name, as discovery orders them. */
  readonly resources: readonly ApiResource[];
}

/** The groups that are served, the core group first. */
export function apiGroups(): readonly ApiGroup[] {
  const groups = new Map<string, ApiResource[]>();
  for (const resource of API_RESOURCES) {
    const resources = groups.get(resource.group);
    if (resources === undefined) {
      groups.set(resource.group, [resource]);
    } else {
      resources.push(resource);
    }
  }
  return [...groups].map(([name, resources]) => ({
    name,
    version: resources[0]?.version ?? '',
    resources: resources.toSorted((left, right) => (left.plural < right.plural ? -1 : 1)),
  }));
}
