import { type Step, run } from '../step';

/** Before anything was written. */
export const discovering: readonly Step[] = [
  run('both versions are told', 'version'),
  run('the resources of the group are listed', 'api-resources --api-group=dorgu.io'),
  run('so they are with their verbs and categories', 'api-resources --api-group=dorgu.io -o wide'),
  run('the versions of the group are listed', 'get --raw /apis/dorgu.io'),
  run('the resources of the version are listed', 'get --raw /apis/dorgu.io/v1'),
  run('the spec is explained', 'explain clusterpersona.spec'),
  run('a branch of it is explained to its leaves', 'explain clusterpersona.spec.policies --recursive'),
  run('a field with an enum and a default is explained', 'explain cper.spec.environment'),
  run('a quantity is explained', 'explain cper.spec.defaults.resources.requests.cpu'),
  run('the conditions are explained', 'explain cper.status.conditions'),
  run('everything is explained by its types', 'explain cper --recursive'),
  run('an unknown field cannot be explained', 'explain cper.spec.colour', { exit: 1 }),
  run('there are no personas yet', 'get clusterpersonas'),
  run('an empty list is a list', 'get cper -o yaml'),
  run('an unknown resource is unknown', 'get clusterpersonae', { exit: 1 }),
  run('an unknown path is not found', 'get --raw /apis/dorgu.io/v1/clusterpersonae', { exit: 1 }),
  run('an unknown group is not found', 'get --raw /apis/example.com/v1/clusterpersonas', { exit: 1 }),
  run('an unknown version is not found', 'get --raw /apis/dorgu.io/v2/clusterpersonas', { exit: 1 }),
  run('a path outside the API is not found', 'get --raw /nowhere', { exit: 1 }),
];
