import assert from 'node:assert/strict';
import { systemClock } from '../../src/base/clock';
import { DisposableStore } from '../../src/base/disposable';
import { nullLogger } from '../../src/base/logger';
import { systemRandom } from '../../src/base/random';
import { Informer } from '../../src/informer/informer';
import { CLUSTER_PERSONA } from '../../src/protocol/clusterPersonaResource';
import type { SourceState } from '../../src/protocol/sourceState';
import { RealCluster } from '../support/testbed/realCluster';
import { requireKubernetes } from '../support/testbed/requireTool';
import { until } from '../support/testbed/until';
import { openFile } from './clusterKubeconfig';

const soon = { deadlineMs: 30_000, pollMs: 20 };

function persona(name: string, environment = 'development'): object {
  return {
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name },
    spec: { name, environment },
  };
}

describe('an informer on a real API server', function () {
  this.timeout(90_000);
  let cluster: RealCluster;
  let owned = new DisposableStore();

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this));
  });
  after(() => cluster?.stop());
  afterEach(() => {
    owned.dispose();
    owned = new DisposableStore();
  });

  async function follow(
    kubeconfig: string,
  ): Promise<{ informer: Informer; told: string[]; states: string[] }> {
    const connection = owned.add(await openFile(kubeconfig));
    const informer = new Informer({
      fetch: connection.fetch,
      path: CLUSTER_PERSONA.path,
      clock: systemClock,
      random: systemRandom,
      logger: nullLogger,
      refreshCredentials: () => connection.refreshCredentials(),
    });
    const told: string[] = [];
    const states: string[] = [];
    owned.add(informer);
    owned.add(
      informer.addHandler({
        added: (object) => told.push(`added ${object.metadata.name}`),
        updated: (_, object) => told.push(`updated ${object.metadata.name}`),
        deleted: (object, how) => told.push(`deleted ${object.metadata.name} ${how}`),
      }),
    );
    owned.add(informer.onStateChanged((state) => states.push(state.type)));
    informer.start();
    return { informer, told, states };
  }

  const reach = (informer: Informer, type: SourceState['type']): Promise<true | undefined> =>
    until(`the state is ${type}`, () => informer.state.type === type || undefined, soon);

  async function has(told: readonly string[], text: string): Promise<void> {
    await until(text, () => told.includes(text), soon);
  }

  it('says that the CRD is not installed, and notices when it is', async () => {
    const { informer, states } = await follow(cluster.kubeconfigs.admin);
    await reach(informer, 'notInstalled');
    await cluster.installCrd();
    informer.retryNow();
    await reach(informer, 'live');
    assert.deepEqual(states, ['connecting', 'notInstalled', 'syncing', 'live']);
  });

  it('hears of a persona that is applied, given a status, and deleted', async () => {
    const { informer, told } = await follow(cluster.kubeconfigs.admin);
    await reach(informer, 'live');
    await cluster.apply(persona('one'));
    await has(told, 'added one');
    await cluster.patchStatus('one', { phase: 'Ready' });
    await has(told, 'updated one');
    assert.deepEqual(informer.store.get('one')?.['status'], { phase: 'Ready' });
    assert.ok(!('managedFields' in (informer.store.get('one')?.metadata ?? {})));
    await cluster.kubectl(['delete', 'clusterpersona', 'one']);
    await has(told, 'deleted one observed');
    assert.equal(informer.counters.failures, 0);
  });

  it('is forbidden without a role, and unauthorized with a token that nobody knows', async () => {
    const restricted = await follow(cluster.kubeconfigs.restricted);
    const unknown = await follow(cluster.kubeconfigs.unknownToken);
    await reach(restricted.informer, 'forbidden');
    await reach(unknown.informer, 'unauthorized');
  });

  it('keeps what it has while the server is killed, and catches up when it is back', async () => {
    const { informer, told, states } = await follow(cluster.kubeconfigs.admin);
    await cluster.apply(persona('two'));
    await has(told, 'added two');
    states.length = 0;
    await cluster.apiServer.kill();
    await reach(informer, 'reconnecting');
    assert.equal(informer.store.size, 1);
    await cluster.apiServer.start();
    await cluster.apply(persona('two', 'production'));
    await has(told, 'updated two');
    await reach(informer, 'live');
    assert.deepEqual(told, ['added two', 'updated two']);
    assert.ok(!states.includes('syncing'));
  });

  it('shows a frozen server as stale within 20 s, and is live again after it thawed', async () => {
    const { informer } = await follow(cluster.kubeconfigs.admin);
    await reach(informer, 'live');
    informer.setVisible(true);
    const frozenMs = performance.now();
    cluster.apiServer.freeze();
    try {
      await reach(informer, 'stale');
      assert.ok(performance.now() - frozenMs < 20_500);
      await reach(informer, 'reconnecting');
    } finally {
      cluster.apiServer.thaw();
    }
    informer.retryNow();
    await reach(informer, 'live');
  });

  it('shows no flicker when the CRD is updated', async () => {
    const { informer, states, told } = await follow(cluster.kubeconfigs.admin);
    await reach(informer, 'live');
    const watches = informer.counters.watches;
    states.length = 0;
    const columns = [{ name: 'Environment', type: 'string', jsonPath: '.spec.environment' }];
    const patch = [{ op: 'replace', path: '/spec/versions/0/additionalPrinterColumns', value: columns }];
    await cluster.kubectl([
      'patch',
      'crd',
      CLUSTER_PERSONA.crdName,
      '--type=json',
      '-p',
      JSON.stringify(patch),
    ]);
    await until('the watch was opened again', () => informer.counters.watches > watches, soon);
    await cluster.apply(persona('three'));
    await has(told, 'added three');
    assert.deepEqual(states, []);
  });

  it('hears every object go with its CRD, and is not installed after that', async () => {
    const { informer, told } = await follow(cluster.kubeconfigs.admin);
    await reach(informer, 'live');
    const names = [...informer.store.values()].map((object) => object.metadata.name);
    assert.ok(names.length > 0);
    await cluster.removeCrd();
    await reach(informer, 'notInstalled');
    assert.equal(informer.store.size, 0);
    for (const name of names) {
      assert.ok(told.includes(`deleted ${name} observed`), told.join(', '));
    }
  });
});
