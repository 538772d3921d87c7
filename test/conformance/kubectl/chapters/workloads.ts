import { type Step, begin, end, run } from '../step';

const finished = '-n {finished-namespace} {finished-pod}';
const running = '-n {running-namespace} {running-pod}';
const paired = '-n {paired-namespace} {paired-pod}';
const restarted = '-n {restarted-namespace} {restarted-pod} -c {restarted-container}';

/** The names in braces stand for pods that both clusters hold. */
export const workloads: readonly Step[] = [
  run('namespaces are listed', 'get ns'),
  run('nodes are listed', 'get nodes'),
  run('nodes are listed with all columns', 'get nodes -o wide'),
  run('pods of all namespaces are listed', 'get pods -A'),
  run('pods of a namespace are listed with all columns', 'get pods -n {paired-namespace} -o wide'),
  run('pods are selected by their phase', 'get pods -A -o name --field-selector=status.phase=Succeeded'),
  run('pods are selected by their node', 'get pods -A -o name --field-selector=spec.nodeName='),
  // A real API server may tell of its own Service while it starts.
  run('events of all namespaces are listed', 'get events -A --field-selector=involvedObject.kind!=Service'),
  run('a namespace without pods says so', 'get pods -n kube-public'),
  run('a missing pod is missed', 'get pod nowhere -n {running-namespace}', { exit: 1 }),
  run('a log is read', `logs ${finished}`),
  run('a log is read with its times', `logs ${finished} --timestamps`),
  run('the end of a log is read', `logs ${finished} --tail=2`),
  run('none of a log is read', `logs ${finished} --tail=0`),
  run('a log is read up to a size', `logs ${finished} --limit-bytes=100`),
  run('a log is read since long ago', `logs ${finished} --since=100000h --tail=3`),
  run('nothing was logged in the last second', `logs ${finished} --since=1s`),
  run('a log is read since a time', `logs ${finished} --since-time=2020-01-01T00:00:00Z --tail=1`),
  run('since when must be said once', `logs ${finished} --since-time=2020-01-01T00:00:00Z --since=1h`, {
    exit: 1,
  }),
  run('a container is named', `logs ${paired} -c {paired-container} --tail=1`, { compare: 'shape' }),
  run('the first container is taken where none is named', `logs ${paired} --tail=1`, { compare: 'shape' }),
  run('all containers are read', `logs ${paired} --all-containers --prefix --tail=1`, { compare: 'shape' }),
  run('a container that is not there is missed', `logs ${finished} -c nothing`, { exit: 1 }),
  run('so it is where several are', `get --raw /api/v1/namespaces/{paired-namespace}/pods/{paired-pod}/log`, {
    exit: 1,
  }),
  run('the log of a missing pod is missed', 'logs -n {running-namespace} nowhere', { exit: 1 }),
  run('a pod without a node has an empty log', 'logs -n {waiting-namespace} {waiting-pod}'),
  run(
    'a log of another kind than one is refused',
    `get --raw /api/v1/namespaces/{finished-namespace}/pods/{finished-pod}/log?tailLines=-1`,
    { exit: 1 },
  ),
  run('what a container wrote before its restart is read', `logs ${restarted} --previous --timestamps`),
  run('the end of it is read', `logs ${restarted} --previous --tail=1`),
  run('viewer reads logs', `logs ${finished} --tail=1`, { as: 'viewer' }),
  run('nobody reads logs', `logs ${finished}`, { as: 'nobody', exit: 1 }),
  run('what nodes use is listed', 'top nodes'),
  run('it is sorted by memory', 'top nodes --sort-by=memory --no-headers'),
  run('what pods use is listed', 'top pods -A'),
  run('what containers use is listed', 'top pod -n {paired-namespace} {paired-pod} --containers'),
  run('viewer sees it', 'top nodes', { as: 'viewer' }),
  run('nobody does not', 'top nodes', { as: 'nobody', exit: 1 }),
  begin('a log is followed', `logs ${running} --follow --tail=2`, { stream: 'log', lines: 2 }),
  end('it told the lines from before', { stream: 'log', lines: 2, compare: 'shape' }),
];
