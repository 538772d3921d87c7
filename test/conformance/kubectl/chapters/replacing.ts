import { persona } from '../manifests';
import { type Step, run } from '../step';

const name = 'romeo';
const list = '/apis/dorgu.io/v1/clusterpersonas';
const show = (does: string): Step => run(does, `get cper ${name} -o json --show-managed-fields`);

export const replacing: readonly Step[] = [
  run('a persona to replace is created', 'create -f -', {
    stdin: persona(name, { name: 'Romeo', description: 'old' }, { labels: { tier: 'gold' } }),
  }),
  run('it is replaced without a version', 'replace -f -', { stdin: persona(name, { name: 'Romeo 2' }) }),
  show('what was left out is gone'),
  run('replacing by the same changes nothing', 'replace -f -', { stdin: persona(name, { name: 'Romeo 2' }) }),
  show('its version stayed'),
  run('a stale version is a conflict', 'replace -f -', {
    stdin: persona(name, { name: 'Late' }, { metadata: { resourceVersion: '1' } }),
    exit: 1,
  }),
  run('another uid is a conflict', 'replace -f -', {
    stdin: persona(name, { name: 'Late' }, { metadata: { uid: '6b0d0a27-4fa5-4d4f-9f62-7bb3d8e2f5d1' } }),
    exit: 1,
  }),
  run('a missing one is not replaced', 'replace -f -', {
    stdin: persona('nowhere', { name: 'Nowhere' }),
    exit: 1,
  }),
  run('a name must be that of the path', `replace --raw /apis/dorgu.io/v1/clusterpersonas/${name} -f -`, {
    stdin: persona('other', { name: 'Other' }),
    exit: 1,
  }),
  run('a replacement is validated', 'replace -f -', { stdin: persona(name, { name: '' }), exit: 1 }),
  run('unknown fields of a replacement are refused', 'replace -f -', {
    stdin: persona(name, { name: 'Romeo', colour: 'blue' }),
    exit: 1,
  }),
  run('a dry run of replace does nothing', 'replace --dry-run=server -f -', {
    stdin: persona(name, { name: 'Dry' }),
  }),
  run('an update itself needs a version', `replace --raw /apis/dorgu.io/v1/clusterpersonas/${name} -f -`, {
    stdin: persona(name, { name: 'Romeo 2' }),
    exit: 1,
  }),
  run('it is replaced by force', 'replace --force -f -', { stdin: persona(name, { name: 'Romeo 3' }) }),
  show('it is another one now'),

  run('it is edited', `edit cper ${name}`, { editor: 'sed -i s/Romeo.3/Edited/' }),
  show('the editor is one of its managers'),
  run('an edit that changes nothing is cancelled', `edit cper ${name}`, { editor: 'true' }),
  run('an edit that is invalid twice is given up', `edit cper ${name}`, {
    editor: 'sed -i s/development/prod/',
    exit: 1,
  }),
  run('the status is edited by its subresource', `edit cper ${name} --subresource=status`, {
    editor: "sed -i '$a status: {phase: Ready}'",
  }),

  run('a difference is shown', 'diff -f -', {
    stdin: persona(name, { name: 'Different', policies: { security: {} } }),
    exit: 1,
  }),
  run('a new one is all difference', 'diff -f -', { stdin: persona('new', { name: 'New' }), exit: 1 }),
  run('a difference by server-side apply is shown', 'diff --server-side --force-conflicts -f -', {
    stdin: persona(name, { name: 'Different' }),
    exit: 1,
  }),
  run('no difference is none', 'diff -f -', {
    stdin: persona(
      'alpha',
      { name: 'Alpha 2', environment: 'production', policies: { security: {} } },
      { labels: { tier: 'gold' } },
    ),
  }),
  run('a difference that is invalid is refused', 'diff -f -', { stdin: persona(name, { name: 7 }), exit: 2 }),
];

const finalizer = 'example.com/hold';

export const deleting: readonly Step[] = [
  run('a dry run deletes nothing', `delete cper ${name} --dry-run=server`),
  run('it is still there', `get cper ${name} -o name`),
  run('it is deleted', `delete cper ${name}`),
  run('it is gone', `get cper ${name}`, { exit: 1 }),
  run('a missing one is not deleted', `delete cper ${name}`, { exit: 1 }),
  run('a missing one can be ignored', `delete cper ${name} --ignore-not-found`),
  run('of several the missing one is missed', `delete cper ${name} mike`, { exit: 1 }),
  run('a deletion answers with a status', 'delete --raw /apis/dorgu.io/v1/clusterpersonas/sierra'),
  run('a missing one answers with another', 'delete --raw /apis/dorgu.io/v1/clusterpersonas/sierra', {
    exit: 1,
  }),
  run('a selection is deleted', 'delete cper -l zone=b'),
  run('nothing is selected', 'delete cper -l zone=nowhere'),
  run('a persona that is held is created', 'create -f -', {
    stdin: persona('held', { name: 'Held' }, { metadata: { finalizers: [finalizer] } }),
  }),
  run('it is deleted without waiting', 'delete cper held --wait=false'),
  run('it is still there, and marked', 'get cper held -o json --show-managed-fields'),
  run('deleting it again changes nothing', 'delete cper held --wait=false'),
  run('its version stayed', [
    'get',
    'cper',
    'held',
    '-o',
    'jsonpath=resourceVersion: {.metadata.resourceVersion}, generation: {.metadata.generation}',
  ]),
  run('a raw deletion answers with it', 'delete --raw /apis/dorgu.io/v1/clusterpersonas/held'),
  run('it can be changed meanwhile', [
    'patch',
    'cper',
    'held',
    '--type=merge',
    '-p',
    '{"spec":{"description":"going"}}',
  ]),
  run(
    'no other finalizer can be added',
    [
      'patch',
      'cper',
      'held',
      '--type=merge',
      '-p',
      `{"metadata":{"finalizers":["${finalizer}","example.com/more"]}}`,
    ],
    { exit: 1 },
  ),
  run('it is let go', ['patch', 'cper', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']),
  run('then it is gone', 'get cper held', { exit: 1 }),
  run('another uid is not deleted', 'delete --raw /apis/dorgu.io/v1/clusterpersonas/alpha -f -', {
    stdin:
      '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"6b0d0a27-4fa5-4d4f-9f62-7bb3d8e2f5d1"}}',
    exit: 1,
  }),
  run('another version is not deleted', 'delete --raw /apis/dorgu.io/v1/clusterpersonas/alpha -f -', {
    stdin: '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"1"}}',
    exit: 1,
  }),
  ...[
    '{"dryRun":["Some"]}',
    '{"dryRun":"All"}',
    '{"gracePeriodSeconds":"x"}',
    '{"preconditions":5}',
    '[]',
  ].map((options) =>
    run(`${options} are no options of a deletion`, `delete --raw ${list}/alpha -f -`, {
      stdin: options,
      exit: 1,
    }),
  ),
  ...['dryRun=', 'propagationPolicy=Some', 'orphanDependents=true&propagationPolicy=Orphan'].map((query) =>
    run(`nor is ${query}`, `delete --raw ${list}/alpha?${query}`, { exit: 1 }),
  ),
  run('a page is deleted in a dry run', `delete --raw ${list}?limit=1&dryRun=All`, { compare: 'shape' }),
  run('what is selected is deleted in a dry run', `delete --raw ${list}?labelSelector=zone&dryRun=All`),
  run('a collection has preconditions, too', `delete --raw ${list} -f -`, {
    stdin: '{"preconditions":{"uid":"00000000-0000-4000-8000-000000000000"}}',
    exit: 1,
  }),
  run('one waits for a deletion', 'wait --for=delete cper/nowhere --timeout=5s'),
  run('one waits for a condition', 'wait --for=condition=Healthy=False cper/bravo --timeout=5s'),
  run('one waits for a value', [
    'wait',
    '--for=jsonpath={.spec.environment}=staging',
    'cper/bravo',
    '--timeout=5s',
  ]),
  run('all are deleted', 'delete cper --all'),
];
