import { condition, persona } from '../manifests';
import { type Step, run } from '../step';

const name = 'sierra';
const show = (does: string, of = name): Step => run(does, `get cper ${of} -o json --show-managed-fields`);

interface ApplyOptions {
  readonly exit?: number;
  readonly flags?: string;
}

function apply(does: string, manager: string, manifest: string, options: ApplyOptions = {}): Step {
  const flags = options.flags === undefined ? '' : ` ${options.flags}`;
  return run(does, `apply --server-side --field-manager=${manager}${flags} -f -`, {
    stdin: manifest,
    exit: options.exit ?? 0,
  });
}

const team = { tier: 'gold' };

export const serverSideApply: readonly Step[] = [
  apply(
    'a persona is created',
    'owner',
    persona(
      name,
      { name: 'Sierra', description: 'first', policies: { security: {}, compliance: ['SOC 2'] } },
      { labels: team },
    ),
  ),
  show('the manager owns what it applied, and not what was defaulted'),
  apply(
    'the same again changes nothing',
    'owner',
    persona(
      name,
      { name: 'Sierra', description: 'first', policies: { security: {}, compliance: ['SOC 2'] } },
      { labels: team },
    ),
  ),
  show('its version stayed'),
  apply(
    'another manager adds what nobody owns',
    'guest',
    persona(name, { name: 'Sierra', environment: 'staging' }, { labels: { guest: 'yes' } }),
  ),
  show('a field with one value is owned by both'),
  apply(
    'another value for a field of somebody else is a conflict',
    'guest',
    persona(
      name,
      { name: 'Mine', description: 'mine', policies: { compliance: ['mine'] } },
      { labels: { tier: 'lead' } },
    ),
    { exit: 1 },
  ),
  apply(
    'one conflict is told in one sentence',
    'guest',
    persona(name, { name: 'Sierra', description: 'mine' }),
    { exit: 1 },
  ),
  apply('a dry run finds conflicts, too', 'guest', persona(name, { name: 'Mine' }), {
    exit: 1,
    flags: '--dry-run=server',
  }),
  apply('a conflict can be forced', 'guest', persona(name, { name: 'Sierra', description: 'mine' }), {
    flags: '--force-conflicts',
  }),
  show('the owner lost the field; what the guest gave up and nobody else owned is gone'),
  apply(
    'the owner gives up a shared field and one of its own',
    'owner',
    persona(name, { name: 'Sierra', policies: { security: {} } }),
  ),
  show('the shared one stays, the own one goes'),
  apply(
    'a list is one field',
    'owner',
    persona(name, { name: 'Sierra', policies: { compliance: ['a', 'b'] } }),
  ),
  show('an object that nobody owns any more goes with what it was defaulted to'),
  apply(
    'a dry run shows what would be',
    'owner',
    persona(name, { name: 'Sierra', environment: 'production' }),
    { flags: '--dry-run=server -o json --show-managed-fields' },
  ),
  show('and changes nothing'),
  apply('an unknown field is refused', 'owner', persona(name, { name: 'Sierra', colour: 'blue' }), {
    exit: 1,
  }),
  apply(
    'an unknown field is refused when it is created',
    'owner',
    persona('sierra-new', { name: 'Sierra', colour: 'blue' }),
    { exit: 1 },
  ),
  apply('a wrong type is refused', 'owner', persona(name, { name: 7 }), { exit: 1 }),
  apply('a wrong value is refused', 'owner', persona(name, { name: 'Sierra', environment: 'prod' }), {
    exit: 1,
    flags: '--force-conflicts',
  }),
  apply('a missing field is refused', 'owner', persona('sierra-new', {}), { exit: 1 }),
  apply(
    'managed fields cannot be applied',
    'owner',
    persona(
      name,
      { name: 'Sierra' },
      {
        metadata: {
          managedFields: [
            {
              manager: 'x',
              operation: 'Apply',
              apiVersion: 'dorgu.io/v1',
              time: '2026-01-01T00:00:00Z',
              fieldsType: 'FieldsV1',
              fieldsV1: {},
            },
          ],
        },
      },
    ),
    { exit: 1 },
  ),
  run('a stale version is a conflict of its own', 'apply --server-side --field-manager=owner -f -', {
    stdin: persona(name, { name: 'Sierra' }, { metadata: { resourceVersion: '1' } }),
    exit: 1,
  }),
  run('an update takes over fields without asking', [
    'patch',
    'cper',
    name,
    '--type=merge',
    '--field-manager=editor',
    '-p',
    '{"spec":{"name":"Edited","environment":"sandbox"}}',
  ]),
  show('the fields are the editor’s now'),
  apply('applying over them is a conflict', 'owner', persona(name, { name: 'Sierra' }), { exit: 1 }),
  apply('the same value is none', 'owner', persona(name, { name: 'Edited' })),
  show('and makes both of them owners'),
  apply(
    'the status of a main apply is ignored',
    'owner',
    persona(name, { name: 'Edited' }, { status: { phase: 'Ready' } }),
  ),
  show('nobody owns a status'),
  apply(
    'the status is applied by its subresource, which ignores an invalid spec',
    'operator',
    persona(name, {}, { status: { phase: 'Ready', conditions: [condition('Healthy', 'True')] } }),
    { flags: '--subresource=status' },
  ),
  run(
    'an operator applies one condition',
    `apply --server-side --field-manager=operator --subresource=status -f -`,
    {
      stdin: JSON.stringify({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name },
        status: { phase: 'Ready', conditions: [condition('Healthy', 'True')] },
      }),
    },
  ),
  run(
    'another applies another condition',
    `apply --server-side --field-manager=prober --subresource=status -f -`,
    {
      stdin: JSON.stringify({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name },
        status: { conditions: [condition('Reachable', 'True')] },
      }),
    },
  ),
  show('conditions are owned one by one'),
  run(
    'a condition of somebody else is a conflict',
    `apply --server-side --field-manager=prober --subresource=status -f -`,
    {
      stdin: JSON.stringify({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name },
        status: { conditions: [condition('Reachable', 'True'), condition('Healthy', 'False')] },
      }),
      exit: 1,
    },
  ),
  run(
    'a condition that is left out goes',
    `apply --server-side --field-manager=prober --subresource=status -f -`,
    {
      stdin: JSON.stringify({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name },
        status: { conditions: [] },
      }),
    },
  ),
  show('the other stayed'),
  run(
    'a status of a missing one is not created',
    `apply --server-side --field-manager=operator --subresource=status -f -`,
    {
      stdin: JSON.stringify({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name: 'sierra-new' },
        status: { phase: 'Ready' },
      }),
      exit: 1,
    },
  ),
  run('a persona of client-side apply is created', 'apply -f -', {
    stdin: persona('mike', { name: 'Mike', description: 'client', environment: 'staging' }),
  }),
  run('it moves to server-side apply', 'apply --server-side -f -', {
    stdin: persona('mike', { name: 'Mike', description: 'server' }),
  }),
  show('what was left out on the way is gone, and one manager is left', 'mike'),
  run('it moves back', 'apply -f -', {
    stdin: persona('mike', { name: 'Mike', description: 'client again' }),
  }),
  show('both are its managers', 'mike'),
  run('the last applied configuration is viewed', ['apply', 'view-last-applied', '-f', '-'], {
    stdin: persona('mike', {}),
  }),
  run('a manager without a name is refused', 'apply --server-side --field-manager= -f -', {
    stdin: persona(name, { name: 'Edited' }),
    exit: 1,
  }),
];
