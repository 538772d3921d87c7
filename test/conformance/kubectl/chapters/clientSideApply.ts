import { condition, persona } from '../manifests';
import { type Step, run } from '../step';

const alpha = persona(
  'alpha',
  { name: 'Alpha', policies: { security: {} } },
  { labels: { tier: 'gold', zone: 'a' } },
);
const changedAlpha = persona(
  'alpha',
  { name: 'Alpha 2', environment: 'production', policies: { security: {} } },
  { labels: { tier: 'gold' } },
);

const list = '/apis/dorgu.io/v1/clusterpersonas';
const twice =
  '{"apiVersion":"dorgu.io/v1","kind":"ClusterPersona","metadata":{"name":"wrong"},"spec":{"name":"One","name":"Two","colour":"blue"}}';

function refused(does: string, spec: unknown, rest: object = {}): Step {
  return run(does, 'create -f -', { stdin: persona('wrong', spec, rest), exit: 1 });
}

/** A value of this many characters. */
function long(length: number): string {
  return 'x'.repeat(length);
}

export const clientSideApply: readonly Step[] = [
  run('a persona is created by apply', 'apply -f -', { stdin: alpha }),
  run('it was defaulted, and apply remembers what it applied', 'get cper alpha -o yaml'),
  run('its managers are shown on request', 'get cper alpha -o yaml --show-managed-fields'),
  run('the same once more changes nothing', 'apply -f -', { stdin: alpha }),
  run('its version stayed', [
    'get',
    'cper',
    'alpha',
    '-o',
    'jsonpath=resourceVersion: {.metadata.resourceVersion}, generation: {.metadata.generation}',
  ]),
  run('another configuration changes it', 'apply -f -', { stdin: changedAlpha }),
  run(
    'what was left out of it is gone, and the generation went up',
    'get cper alpha -o yaml --show-managed-fields',
  ),
  run('a label alone does not touch the generation', 'label cper alpha team=blue'),
  run('its managers know who set the label', 'get cper alpha -o json --show-managed-fields'),
];

export const validation: readonly Step[] = [
  run('an unknown field is refused where validation is strict', 'apply -f -', {
    stdin: persona('wrong', { name: 'Wrong', colour: 'blue', policies: { security: { lock: true } } }),
    exit: 1,
  }),
  run('so it is on create', 'create -f -', {
    stdin: persona('wrong', { name: 'Wrong', colour: 'blue' }),
    exit: 1,
  }),
  run('and beside the spec', 'create -f -', {
    stdin: JSON.stringify({ ...JSON.parse(persona('wrong', { name: 'Wrong' })), extra: 1 }),
    exit: 1,
  }),
  run('a field given twice is refused', `create --raw ${list}?fieldValidation=Strict -f -`, {
    stdin: twice,
    exit: 1,
  }),
  run('an unknown way of validation is refused', `create --raw ${list}?fieldValidation=Loud -f -`, {
    stdin: twice,
    exit: 1,
  }),
  run('a warning is enough where it is asked for', 'create --validate=warn -f -', {
    stdin: persona('pruned', { name: 'Pruned', colour: 'blue' }),
  }),
  run('nothing is said where that is asked for', 'replace --validate=ignore -f -', {
    stdin: persona('pruned', { name: 'Pruned', colour: 'blue' }),
  }),
  run('the unknown field was dropped', 'get cper pruned -o yaml --show-managed-fields'),
  refused('a value outside an enum is refused', { name: 'Wrong', environment: 'prod' }),
  refused('a missing field is refused', {}),
  refused('an empty name is refused', { name: '' }),
  refused('a spec that is a text is refused', 'text'),
  refused('a spec that is null is refused', null),
  refused('a number for a text is refused', { name: 7 }),
  refused('null for a text is refused', { name: null }),
  refused('a text for a boolean is refused', {
    name: 'Wrong',
    policies: { security: { enforceNonRoot: 'yes' } },
  }),
  refused('a text for a list is refused', { name: 'Wrong', policies: { compliance: 'SOC 2' } }),
  refused('a number in a list of texts is refused', {
    name: 'Wrong',
    policies: { compliance: ['SOC 2', 2] },
  }),
  refused('a list for an object is refused', { name: 'Wrong', policies: [] }),
  refused('a text for an integer is refused', {
    name: 'Wrong',
    resourceQuotas: { maxPodsPerNamespace: '5' },
  }),
  refused('a fraction for an integer is refused', {
    name: 'Wrong',
    resourceQuotas: { maxPodsPerNamespace: 1.5 },
  }),
  refused('what is below the minimum is refused', {
    name: 'Wrong',
    defaults: { scaling: { maxReplicas: 0 } },
  }),
  refused('what an int32 cannot hold is refused', {
    name: 'Wrong',
    defaults: { scaling: { maxReplicas: 3_000_000_000 } },
  }),
  refused('a boolean for a quantity is refused', {
    name: 'Wrong',
    defaults: { resources: { requests: { cpu: true } } },
  }),
  refused('a fraction for a quantity is refused', {
    name: 'Wrong',
    defaults: { resources: { requests: { cpu: 0.5 } } },
  }),
  refused('all mistakes are told at once', {
    environment: 'prod',
    policies: { security: { podSecurityStandard: 'none', enforceNonRoot: 1 }, compliance: [1, {}] },
    resourceQuotas: { maxPodsPerNamespace: -1 },
    defaults: { scaling: { minReplicas: -1, maxReplicas: 0, targetCPU: 0 } },
  }),
  refused('a name with capitals is refused', { name: 'Wrong' }, { metadata: { name: 'Wrong_Name' } }),
  refused('a name that is too long is refused', { name: 'Wrong' }, { metadata: { name: long(254) } }),
  refused('no name at all is refused', { name: 'Wrong' }, { metadata: { name: undefined } }),
  refused('an invalid label is refused', { name: 'Wrong' }, { labels: { '-tier': 'gold!', ok: long(64) } }),
  refused('a label that is no text is refused', { name: 'Wrong' }, { metadata: { labels: { tier: 1 } } }),
  refused('an invalid annotation is refused', { name: 'Wrong' }, { annotations: { 'a b': 'c' } }),
  refused('an invalid finalizer is refused', { name: 'Wrong' }, { metadata: { finalizers: ['a b'] } }),
  run('a namespace is dropped where there is none', 'create -o yaml -f -', {
    stdin: persona('elsewhere', { name: 'Elsewhere' }, { metadata: { namespace: 'default' } }),
  }),
  run('a version of its own is ignored', 'create -o yaml -f -', {
    stdin: persona('versioned', { name: 'Versioned' }, { metadata: { resourceVersion: '1' } }),
  }),
  run('another kind is refused', 'create -f -', {
    stdin: JSON.stringify({
      apiVersion: 'dorgu.io/v1',
      kind: 'Persona',
      metadata: { name: 'wrong' },
      spec: {},
    }),
    exit: 1,
  }),
  run('a kind that does not fit the path is refused', `create --raw ${list} -f -`, {
    stdin: JSON.stringify({
      apiVersion: 'dorgu.io/v1',
      kind: 'Persona',
      metadata: { name: 'wrong' },
      spec: {},
    }),
    exit: 1,
  }),
  run('a version that does not fit the path is refused', `create --raw ${list} -f -`, {
    stdin: JSON.stringify({ apiVersion: 'dorgu.io/v2', kind: 'ClusterPersona', metadata: { name: 'wrong' } }),
    exit: 1,
  }),
  run('what is no JSON is refused', `create --raw ${list} -f -`, {
    stdin: '{"spec"',
    exit: 1,
  }),
  run('what exists is not created again', 'create -f -', { stdin: alpha, exit: 1 }),
  run('a name may be generated', 'create -o name -f -', {
    stdin: persona('', { name: 'Generated' }, { metadata: { name: undefined, generateName: 'generated-' } }),
  }),
  run('the prefix of a generated name must be valid', 'create -f -', {
    stdin: persona('', { name: 'Generated' }, { metadata: { name: undefined, generateName: 'Generated_' } }),
    exit: 1,
  }),
  run('quantities may be numbers and texts', 'create -o yaml -f -', {
    stdin: persona('quantities', {
      name: 'Quantities',
      defaults: { resources: { requests: { cpu: 2, memory: '1Gi' } } },
    }),
  }),
  run('null takes the default', 'create -o yaml -f -', {
    stdin: persona('nulls', {
      name: 'Nulls',
      environment: null,
      description: null,
      policies: { security: { enforceNonRoot: null } },
    }),
  }),
  run('a status is not taken on create', 'create -o yaml -f -', {
    stdin: persona(
      'stated',
      { name: 'Stated' },
      { status: { phase: 'Ready', conditions: [condition('Healthy', 'True')] } },
    ),
  }),
  run('what was made for this is deleted', 'delete cper pruned elsewhere versioned quantities nulls stated'),
  run('a dry run creates nothing', 'create --dry-run=server -o yaml --show-managed-fields -f -', {
    stdin: persona('dry', { name: 'Dry' }),
  }),
  run('so it is with apply', 'apply --dry-run=server -f -', { stdin: persona('dry', { name: 'Dry' }) }),
  run('there is none afterwards', 'get cper dry', { exit: 1 }),
  run('a dry run is validated', 'create --dry-run=server -f -', { stdin: persona('dry', {}), exit: 1 }),
];
