import { persona } from '../manifests';
import { type Step, begin, end, run } from '../step';

const fleet = [
  persona('bravo', { name: 'Bravo', environment: 'staging' }, { labels: { tier: 'silver', zone: 'a' } }),
  persona('charlie', { name: 'Charlie', environment: 'production' }, { labels: { tier: 'gold', zone: 'b' } }),
  persona('delta', { name: 'Delta', environment: 'sandbox' }, { labels: { zone: 'c' } }),
  persona('echo', { name: 'Echo' }),
].join('\n---\n');

const status = {
  phase: 'Ready',
  kubernetesVersion: 'v1.34.2+k3s1',
  platform: 'k3s',
  lastDiscovery: '2026-03-01T12:00:00Z',
  resourceSummary: { totalPods: 110, runningPods: 47 },
  conditions: [
    {
      type: 'Healthy',
      status: 'False',
      reason: 'NodesNotReady',
      message: '1 of 3 nodes is not ready',
      lastTransitionTime: '2026-03-01T12:00:00Z',
    },
  ],
};

function selected(selector: string): Step {
  return run(`labels are selected by ${selector}`, ['get', 'cper', '-o', 'name', '-l', selector]);
}

export const reading: readonly Step[] = [
  run('several are created from one file', 'create -f -', { stdin: fleet }),
  run('an operator reports', [
    'patch',
    'cper',
    'bravo',
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]),
  run('they are listed', 'get cper'),
  run('they are listed with all columns', 'get clusterpersonas -o wide'),
  run('they are listed with their labels', 'get clusterpersona -L tier,zone --show-labels'),
  run('they are listed as JSON, with their managers', 'get cper -o json --show-managed-fields'),
  run('they are listed as YAML', 'get clusterpersonas.dorgu.io -o yaml'),
  run('they are listed by name', 'get clusterpersonas.v1.dorgu.io -o name'),
  run('they are listed by a path', [
    'get',
    'cper',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}={.spec.environment} {end}',
  ]),
  run(
    'they are listed by columns of the user',
    'get cper -o custom-columns=N:.metadata.name,E:.spec.environment',
  ),
  run('one is shown', 'get cper bravo'),
  run('several are shown', 'get cper bravo echo'),
  run('a missing one is missed', 'get cper nowhere', { exit: 1 }),
  run('of several the missing one is missed', 'get cper bravo nowhere', { exit: 1 }),
  run('a missing one can be ignored', 'get cper nowhere --ignore-not-found'),
  ...[
    'tier=gold',
    'tier==gold',
    'tier!=gold',
    'tier',
    '!tier',
    'tier in (gold,silver)',
    'tier notin (gold)',
    'tier=gold,zone!=a',
    'tier=platinum',
    'zone>5',
    'zone<5',
  ].map(selected),
  run('a wrong selector is refused', ['get', 'cper', '-l', 'tier in gold'], { exit: 1 }),
  run(
    'the server refuses it, too',
    'get --raw /apis/dorgu.io/v1/clusterpersonas?labelSelector=tier+in+gold',
    { exit: 1 },
  ),
  run('a name is selected by field', 'get cper --field-selector=metadata.name=charlie'),
  run('all but a name are selected by field', 'get cper -o name --field-selector=metadata.name!=charlie'),
  run('other fields cannot be selected', 'get cper --field-selector=spec.environment=staging', { exit: 1 }),
  run('they are sorted by a path', 'get cper --sort-by=.spec.environment -o name'),
  run('they are read in chunks', 'get cper --chunk-size=2'),
  run('one is described', 'describe cper bravo'),
  run('several are described', 'describe cper -l zone=b'),
  run('its status is read', 'get cper bravo --subresource=status'),
  run('its status is read as YAML', 'get cper bravo --subresource=status -o yaml'),
  run('an unknown subresource is not found', 'get --raw /apis/dorgu.io/v1/clusterpersonas/bravo/scale', {
    exit: 1,
  }),
];

export const watching: readonly Step[] = [
  begin('a watch begins with what there is', 'get cper -w', { stream: 'table', lines: 7 }),
  begin('a watch can tell of its events', 'get cper -w --output-watch-events -o name', {
    stream: 'events',
    lines: 6,
  }),
  begin('a table can have a column for them', 'get cper -w --output-watch-events', {
    stream: 'event-table',
    lines: 7,
  }),
  begin(
    'a watch can select',
    'get cper -w -l zone=c -o jsonpath={.metadata.name}:{.spec.environment}{"\\n"}',
    {
      stream: 'selected',
      lines: 1,
    },
  ),
  run('a persona is created', 'create -f -', { stdin: persona('whisky', { name: 'Whisky' }) }),
  run('it is changed', [
    'patch',
    'cper',
    'whisky',
    '--type=merge',
    '-p',
    '{"spec":{"environment":"staging"}}',
  ]),
  run('it is labelled, so that it begins to match', 'label cper whisky zone=c'),
  run('its status is written', [
    'patch',
    'cper',
    'whisky',
    '--subresource=status',
    '--type=merge',
    '-p',
    '{"status":{"phase":"Ready"}}',
  ]),
  run('its label is taken away, so that it matches no more', 'label cper whisky zone-'),
  run('it is deleted', 'delete cper whisky'),
  end('the table had a row for every change', { stream: 'table', lines: 13 }),
  end('every event was told', { stream: 'events', lines: 12 }),
  end('the table said which', { stream: 'event-table', lines: 13 }),
  end('the selecting watch saw it come and go', { stream: 'selected', lines: 4 }),
];
