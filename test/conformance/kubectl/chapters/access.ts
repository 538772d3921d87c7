import { type Step, type User, run } from '../step';

const users: readonly User[] = ['admin', 'viewer', 'nobody'];

function canI(what: string, who: User, answer: boolean): Step {
  return run(`may ${who} ${what}?`, `auth can-i ${what}`, { as: who, exit: answer ? 0 : 1 });
}

const questions = [
  'list cper',
  'patch cper',
  'get pods --subresource=log',
  'patch cper --subresource=status',
  'get /healthz',
];
const viewerMay: ReadonlySet<string> = new Set(['list cper', 'get pods --subresource=log', 'get /healthz']);

export const access: readonly Step[] = [
  ...users.map((user) => run(`${user} is told who they are`, 'auth whoami', { as: user })),
  ...questions.flatMap((question) => [
    canI(question, 'admin', true),
    canI(question, 'viewer', viewerMay.has(question)),
    canI(question, 'nobody', question === 'get /healthz'),
  ]),
  run('admin may act as viewer', 'auth whoami --as=viewer'),
  run('admin may act in a group', 'auth whoami --as=somebody --as-group=testers --as-group=readers'),
  run('admin may act as a service account', 'auth whoami --as=system:serviceaccount:default:robot'),
  run('who acts as viewer reads', 'get cper -o name --as=viewer'),
  run('who acts as viewer does not delete', 'delete cper bravo --as=viewer', { exit: 1 }),
  run('who acts as somebody does not read', 'get cper --as=somebody', { exit: 1 }),
  run('who acts as a master does', 'get cper -o name --as=somebody --as-group=system:masters'),
  run('viewer may not act as admin', 'get cper --as=admin', { as: 'viewer', exit: 1 }),
  run('viewer may not act as a service account', 'get cper --as=system:serviceaccount:default:robot', {
    as: 'viewer',
    exit: 1,
  }),
  canI('list cper/alpha', 'nobody', false),
  canI('get pods -n kube-system', 'viewer', true),
  canI('* *', 'admin', true),
  canI('* *', 'viewer', false),
  run('nobody lists what they may', 'auth can-i --list', { as: 'nobody' }),
  run('viewer reads personas', 'get cper -o name', { as: 'viewer' }),
  run('viewer may not patch', ['patch', 'cper', 'bravo', '--type=merge', '-p', '{}'], {
    as: 'viewer',
    exit: 1,
  }),
  run(
    'viewer may not write a status',
    ['patch', 'cper', 'bravo', '--subresource=status', '--type=merge', '-p', '{}'],
    { as: 'viewer', exit: 1 },
  ),
  run('viewer may not create', 'create -f -', {
    as: 'viewer',
    exit: 1,
    stdin: '{"apiVersion":"dorgu.io/v1","kind":"ClusterPersona","metadata":{"name":"v"},"spec":{"name":"V"}}',
  }),
  run('viewer may not delete', 'delete cper bravo', { as: 'viewer', exit: 1 }),
  run('viewer may not delete all', 'delete --raw /apis/dorgu.io/v1/clusterpersonas', {
    as: 'viewer',
    exit: 1,
  }),
  run('nobody may not get', 'get cper bravo', { as: 'nobody', exit: 1 }),
  run('nobody may not list', 'get cper', { as: 'nobody', exit: 1 }),
  run('nobody may not watch', 'get cper -w', { as: 'nobody', exit: 1 }),
  run('nobody may not list pods of a namespace', 'get pods -n kube-system', { as: 'nobody', exit: 1 }),
  run('nobody may not list pods of all', 'get pods -A', { as: 'nobody', exit: 1 }),
  run('nobody may not read logs', 'get --raw /api/v1/namespaces/kube-system/pods/any/log', {
    as: 'nobody',
    exit: 1,
  }),
  run('nobody is not told what is not there', 'get --raw /apis/dorgu.io/v1/clusterpersonas/nowhere', {
    as: 'nobody',
    exit: 1,
  }),
  run('nobody may not go elsewhere', 'get --raw /metrics', { as: 'nobody', exit: 1 }),
  run('nobody may discover', 'api-resources --api-group=dorgu.io', { as: 'nobody' }),
  run('nobody may ask for the version', 'version', { as: 'nobody' }),
  run('an unknown token is turned away', 'get cper', { as: 'stranger', exit: 1 }),
  run('so it is for any path', 'get --raw /version', { as: 'stranger', exit: 1 }),
  run('a review of an unknown token says so', 'create -o jsonpath={.status} -f -', {
    stdin: '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"nonsense"}}',
  }),
  run('somebody else’s access is reviewed', 'create -o jsonpath={.status} -f -', {
    stdin:
      '{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"viewer","resourceAttributes":{"verb":"patch","group":"dorgu.io","resource":"clusterpersonas"}}}',
  }),
  run('a review without attributes is refused', 'create -f -', {
    exit: 1,
    stdin: '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{}}',
  }),
];
