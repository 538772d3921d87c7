import { condition, persona } from '../manifests';
import { type Step, run } from '../step';

const name = 'papa';
const show = (does: string): Step => run(does, `get cper ${name} -o json --show-managed-fields`);
const version = (does: string): Step =>
  run(does, [
    'get',
    'cper',
    name,
    '-o',
    'jsonpath=resourceVersion: {.metadata.resourceVersion}, generation: {.metadata.generation}',
  ]);

function patch(
  does: string,
  type: string,
  body: unknown,
  options: { exit?: number; status?: true } = {},
): Step {
  const subresource = options.status === true ? ['--subresource=status'] : [];
  const args = ['patch', 'cper', name, `--type=${type}`, ...subresource, '-p', JSON.stringify(body)];
  return run(does, args, { exit: options.exit ?? 0 });
}

export const patching: readonly Step[] = [
  run('a persona to patch is created', 'create -f -', {
    stdin: persona(name, { name: 'Papa', policies: { compliance: ['SOC 2'] } }, { labels: { tier: 'gold' } }),
  }),
  run('a label is set', `label cper ${name} team=blue`),
  run('a label is not overwritten unasked', `label cper ${name} team=red`, { exit: 1 }),
  run('a label is overwritten on request', `label cper ${name} team=red --overwrite`),
  run('the same label changes nothing', `label cper ${name} team=red`),
  run('a label is taken away', `label cper ${name} team-`),
  run('a label that is not there is missed', `label cper ${name} team-`),
  run('an invalid label is refused', `label cper ${name} team=a,b`, { exit: 1 }),
  run('labels are listed', `label cper ${name} --list`),
  run('all of a selection are labelled', 'label cper -l zone=b team=green'),
  run('an annotation is set', ['annotate', 'cper', name, 'example.com/note=a note']),
  run('an annotation is not overwritten unasked', `annotate cper ${name} example.com/note=other`, {
    exit: 1,
  }),
  run('an annotation is overwritten on request', `annotate cper ${name} example.com/note=other --overwrite`),
  run('an annotation is taken away', `annotate cper ${name} example.com/note-`),
  show('its managers know of labels, not of annotations that are gone'),
  patch('a merge patch changes, adds and removes', 'merge', {
    metadata: { labels: { tier: null, zone: 'p' } },
    spec: { description: 'patched', environment: 'production', policies: { compliance: ['PCI DSS'] } },
  }),
  show('it is merged'),
  patch('a patch without effect is said to be one', 'merge', { spec: { description: 'patched' } }),
  version('it kept version and generation'),
  patch('null removes a field', 'merge', { spec: { description: null, policies: { compliance: null } } }),
  patch('a removed field with a default is defaulted again', 'merge', { spec: { environment: null } }),
  show('the rest stayed'),
  patch('a merge patch is validated', 'merge', { spec: { environment: 'prod' } }, { exit: 1 }),
  patch('unknown fields of a merge patch are warned of', 'merge', { spec: { colour: 'blue' } }),
  patch('a merge patch must be an object', 'merge', [1], { exit: 1 }),
  run('a patch must be JSON', ['patch', 'cper', name, '--type=merge', '-p', '{"spec"'], { exit: 1 }),
  run('a patch may be YAML', ['patch', 'cper', name, '--type=merge', '-p', 'spec: {description: yaml}']),
  patch('the name cannot be patched', 'merge', { metadata: { name: 'quebec' } }, { exit: 1 }),
  patch('the uid cannot be patched', 'merge', { metadata: { uid: 'other' } }, { exit: 1 }),
  patch(
    'a stale version is a conflict',
    'merge',
    { metadata: { resourceVersion: '1' }, spec: { description: 'late' } },
    { exit: 1 },
  ),
  patch('a version that is none is refused', 'merge', { metadata: { resourceVersion: 'x' } }, { exit: 1 }),
  patch('creation time and generation are the server’s', 'merge', {
    metadata: { creationTimestamp: '2020-01-01T00:00:00Z', generation: 77, selfLink: '/x' },
  }),
  version('they stayed'),
  patch('the status is left alone by a patch of the main resource', 'merge', {
    spec: { description: 'with status' },
    status: { phase: 'Ready' },
  }),
  run('a missing one cannot be patched', ['patch', 'cper', 'nowhere', '--type=merge', '-p', '{}'], {
    exit: 1,
  }),
  run('a dry run of a patch shows what it would do', [
    'patch',
    'cper',
    name,
    '--type=merge',
    '--dry-run=server',
    '-o',
    'yaml',
    '-p',
    '{"spec":{"description":"dry"}}',
  ]),
  show('and does nothing'),

  patch('a JSON patch tests, adds, replaces and removes', 'json', [
    { op: 'test', path: '/spec/name', value: 'Papa' },
    { op: 'add', path: '/spec/policies', value: { compliance: ['a', 'c'] } },
    { op: 'add', path: '/spec/policies/compliance/1', value: 'b' },
    { op: 'add', path: '/spec/policies/compliance/-', value: 'd' },
    { op: 'replace', path: '/spec/name', value: 'Papa 2' },
    { op: 'remove', path: '/spec/description' },
    { op: 'copy', from: '/spec/name', path: '/spec/description' },
    { op: 'move', from: '/spec/policies/compliance/0', path: '/spec/policies/compliance/2' },
    { op: 'add', path: '/metadata/annotations', value: { 'example.com/y': 'yes' } },
    { op: 'add', path: '/metadata/annotations/example.com~1z', value: 'escaped' },
  ]),
  show('it was patched in that order'),
  patch(
    'a failing test refuses all',
    'json',
    [
      { op: 'replace', path: '/spec/name', value: 'Other' },
      { op: 'test', path: '/spec/environment', value: 'production' },
    ],
    { exit: 1 },
  ),
  patch('a missing path cannot be removed', 'json', [{ op: 'remove', path: '/spec/nothing' }], { exit: 1 }),
  patch('a missing path is replaced, too', 'json', [{ op: 'replace', path: '/spec/nothing', value: 1 }]),
  patch(
    'nothing is added below a missing path',
    'json',
    [{ op: 'add', path: '/spec/nothing/more', value: 1 }],
    { exit: 1 },
  ),
  patch(
    'an index beyond the end is refused',
    'json',
    [{ op: 'add', path: '/spec/policies/compliance/9', value: 'x' }],
    { exit: 1 },
  ),
  patch('an unknown operation is refused', 'json', [{ op: 'double', path: '/spec/name' }], { exit: 1 }),
  patch('a JSON patch must be a list', 'json', { op: 'add' }, { exit: 1 }),
  patch('a JSON patch is validated', 'json', [{ op: 'replace', path: '/spec/environment', value: 'prod' }], {
    exit: 1,
  }),
  patch('unknown fields of a JSON patch are warned of', 'json', [
    { op: 'add', path: '/spec/colour', value: 'blue' },
  ]),
  patch('an empty JSON patch does nothing', 'json', []),
  patch('a strategic patch is refused', 'strategic', { spec: { description: 'x' } }, { exit: 1 }),
];

const healthy = condition('Healthy', 'True');

export const status: readonly Step[] = [
  patch(
    'the status is merged by its subresource',
    'merge',
    {
      metadata: { labels: { ignored: 'too' } },
      spec: { name: 'Ignored' },
      status: {
        phase: 'Ready',
        conditions: [healthy, condition('Discovered', 'True')],
        nodes: [{ name: 'n1', ready: true, capacity: { cpu: 8, memory: '32Gi' } }],
      },
    },
    { status: true },
  ),
  show('only the status changed, and not the generation'),
  patch('the same status again changes nothing', 'merge', { status: { phase: 'Ready' } }, { status: true }),
  version('nor does the version'),
  patch('a JSON patch of the status', 'json', [{ op: 'replace', path: '/status/phase', value: 'Degraded' }], {
    status: true,
  }),
  run('the status column shows it', `get cper ${name}`),
  patch(
    'a phase outside its enum is refused',
    'merge',
    { status: { phase: 'Fine' } },
    { status: true, exit: 1 },
  ),
  patch(
    'a time that is none is refused',
    'merge',
    { status: { lastDiscovery: 'yesterday' } },
    { status: true, exit: 1 },
  ),
  patch(
    'a time without a zone is refused',
    'merge',
    { status: { lastDiscovery: '2026-03-01T12:00:00' } },
    { status: true, exit: 1 },
  ),
  patch(
    'a time with an offset is kept as it is',
    'merge',
    { status: { lastDiscovery: '2026-03-01T12:00:00.5+01:00' } },
    { status: true },
  ),
  patch(
    'an item without its required fields is refused',
    'merge',
    { status: { nodes: [{ role: 'worker' }] } },
    { status: true, exit: 1 },
  ),
  patch(
    'a condition twice is refused',
    'merge',
    { status: { conditions: [healthy, healthy] } },
    { status: true, exit: 1 },
  ),
  patch(
    'a condition without its key is refused',
    'merge',
    { status: { conditions: [{ status: 'True' }] } },
    { status: true, exit: 1 },
  ),
  patch(
    'a condition’s texts are held to pattern and length',
    'merge',
    {
      status: {
        conditions: [
          condition('Un healthy', 'Maybe', { reason: '', message: 'm', observedGeneration: -1 }),
          condition('Long', 'True', { reason: 'r'.repeat(1025) }),
        ],
      },
    },
    { status: true, exit: 1 },
  ),
  patch(
    'an unknown field of the status is warned of',
    'merge',
    { status: { mood: 'good' } },
    { status: true },
  ),
  patch(
    'an unknown field of an item is warned of',
    'merge',
    { status: { nodes: [{ name: 'n', ready: true, age: 3 }] } },
    { status: true },
  ),
  patch(
    'a label map holds texts alone',
    'merge',
    { status: { nodes: [{ name: 'n', ready: true, labels: { a: 1, b: null } }] } },
    { status: true, exit: 1 },
  ),
  patch('the whole status can be removed', 'json', [{ op: 'remove', path: '/status' }], { status: true }),
  show('it is gone'),
  run(
    'the status is replaced by its subresource',
    'replace --subresource=status -o json --show-managed-fields -f -',
    {
      stdin: persona(name, { name: 'Ignored' }, { status: { phase: 'Unknown' }, labels: { ignored: 'too' } }),
    },
  ),
  run(
    'status of a missing one',
    ['patch', 'cper', 'nowhere', '--subresource=status', '--type=merge', '-p', '{"status":{}}'],
    { exit: 1 },
  ),
];
