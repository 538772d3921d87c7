import { type Step, run } from '../step';

const list = '/apis/dorgu.io/v1/clusterpersonas';
const raw = (does: string, path: string, exit = 0): Step => run(does, ['get', '--raw', path], { exit });

/** What kubectl itself does not ask for. */
export const requesting: readonly Step[] = [
  raw('one is read', `${list}/bravo`),
  raw('all are read', list),
  raw('a page ends with a token', `${list}?limit=2`),
  raw('a selecting page does not know how much remains', `${list}?limit=1&labelSelector=zone`),
  raw('a continue token that is none is refused', `${list}?limit=2&continue=!`, 1),
  raw(
    'a token for another version of tokens is refused',
    `${list}?limit=2&continue=eyJ2IjoibWV0YS5rOHMuaW8vdjIifQ`,
    1,
  ),
  raw('a limit that is no number is refused', `${list}?limit=many`, 1),
  raw('a version that is none is refused', `${list}?resourceVersion=x`, 1),
  raw('a match needs a version', `${list}?resourceVersionMatch=Exact`, 1),
  raw('a match of an unknown kind is refused', `${list}?resourceVersion=1&resourceVersionMatch=Some`, 1),
  raw('an exact match needs more than 0', `${list}?resourceVersion=0&resourceVersionMatch=Exact`, 1),
  raw('a match by name is none', `${list}?fieldSelector=metadata.name=bravo&limit=5`),
  raw('initial events need a watch', `${list}?sendInitialEvents=true`, 1),
  raw('initial events need a match', `${list}?watch=true&sendInitialEvents=true&timeoutSeconds=1`, 1),
  raw(
    'initial events end with a bookmark',
    `${list}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=zone&timeoutSeconds=1`,
  ),
  raw('a watch needs a version that is one', `${list}?watch=true&resourceVersion=x&timeoutSeconds=1`, 1),
  raw('a missing one is not found', `${list}/nowhere`, 1),
  raw('a resource without personas is not found', `${list}/bravo/spec`, 1),
  run('a collection cannot be put', `replace --raw ${list} -f -`, { stdin: '{}', exit: 1 }),
  run('one cannot be posted', `create --raw ${list}/bravo -f -`, { stdin: '{}', exit: 1 }),
  run('a status cannot be deleted', `delete --raw ${list}/bravo/status`, { exit: 1 }),
];
