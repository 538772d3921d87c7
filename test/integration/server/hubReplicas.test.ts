import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { TcpProxy } from '../../support/testbed/tcpProxy';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { FleetFollower } from './fleetFollower';
import { HubProcess } from './hubProcess';

const soon = { deadlineMs: 30_000, pollMs: 20 };
const SOURCE = 'in-cluster';
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** A hub takes another one's word only where it had begun for longer than clocks are apart. */
const SKEW_MS = 5_500;

/** An API server that several hubs follow, and that is written to. */
interface Cluster {
  readonly port: number;
  readonly caFile: string;
  readonly token: string;
  /** Creates or replaces. */
  write(name: string, description: string): Promise<void>;
  delete(name: string): Promise<void>;
  stop(): Promise<void>;
}

const personaOf = (name: string, description: string): object => ({
  apiVersion: 'dorgu.io/v1',
  kind: 'ClusterPersona',
  metadata: { name },
  spec: { name, description, environment: 'production' },
});

async function startReal(this: Mocha.Context): Promise<Cluster> {
  const cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true });
  return {
    port: cluster.apiServer.port,
    caFile: cluster.credentials.caFile,
    token: cluster.credentials.adminToken,
    write: (name, description) => cluster.apply(personaOf(name, description)),
    delete: async (name) => {
      await cluster.kubectl(['delete', 'clusterpersona', name]);
    },
    stop: () => cluster.stop(),
  };
}

async function startDemo(): Promise<Cluster> {
  const folder = temporaryFolder('replicas-demo');
  const authority = new CertificateAuthority('clusterpersona-test-ca');
  const caFile = join(folder.path, 'ca.crt');
  writeFileSync(caFile, authority.certificate);
  const demo = createDemoCluster({ clock: systemClock, seed: 7, personas: 1 });
  const server = await startDemoHttpServer({ fetch: demo.fetch, tls: authority.server('demo') });
  const send = async (
    method: 'PATCH' | 'DELETE',
    path: string,
    contentType: string,
    content?: object,
  ): Promise<number> => {
    const { status, body } = await demo.fetch(path, {
      method,
      headers: { 'content-type': contentType },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    for await (const _ of body);
    return status;
  };
  return {
    port: server.port,
    caFile,
    token: 'anybody',
    write: async (name, description) => {
      const path = `${CLUSTER_PERSONA.path}/${name}?fieldManager=test&force=true`;
      const status = await send('PATCH', path, 'application/apply-patch+yaml', personaOf(name, description));
      assert.ok(status === 200 || status === 201, `${status}`);
    },
    delete: async (name) => {
      assert.equal(await send('DELETE', `${CLUSTER_PERSONA.path}/${name}`, 'application/json'), 200);
    },
    stop: async () => {
      await server.close();
      demo.dispose();
      folder.remove();
    },
  };
}

for (const [what, startCluster] of [
  ['the demo cluster', startDemo],
  ['a real API server', startReal],
] as const) {
  describe(`two hubs that follow ${what}, and a client that is moved between them`, function () {
    this.timeout(120_000);
    let cluster: Cluster;
    let folder: TemporaryFolder;
    /** On the way of the second hub to the API server. */
    let way: TcpProxy;
    /** Before both hubs. */
    let front: TcpProxy;
    let first: HubProcess;
    let second: HubProcess;
    let follower: FleetFollower | undefined;
    let round = 0;

    before(async function () {
      cluster = await startCluster.call(this);
      folder = temporaryFolder('service-account');
      mkdirSync(folder.path, { recursive: true });
      cpSync(cluster.caFile, join(folder.path, 'ca.crt'));
      writeFileSync(join(folder.path, 'token'), cluster.token);
      for (const name of NAMES) {
        await cluster.write(name, 'at first');
      }
      way = await TcpProxy.listen(cluster.port);
      first = await startHub(cluster.port);
      second = await startHub(new URL(way.url).port);
      front = await TcpProxy.listen(first.port);
      await delay(SKEW_MS);
    });
    afterEach(() => {
      follower?.dispose();
      follower = undefined;
    });
    after(async () => {
      await Promise.all([first?.stop(), second?.stop()]);
      await front?.close();
      await way?.close();
      await cluster?.stop();
      folder?.remove();
    });

    async function startHub(port: string | number): Promise<HubProcess> {
      const hub = await HubProcess.start(['--service-account', folder.path], 'http', undefined, {
        KUBERNETES_SERVICE_HOST: '127.0.0.1',
        KUBERNETES_SERVICE_PORT: String(port),
      });
      await hub.untilReady();
      return hub;
    }

    /** Connected by way of the first hub, and told of a write: before that it could not say where it is. */
    async function follow(): Promise<FleetFollower> {
      front.switchTo(first.port);
      const made = new FleetFollower(`${front.url.replace('https', 'ws')}/api/v1/ws`, SOURCE);
      follower = made;
      // Answered after its subscription was heard.
      await made.client.request('sources.list', {});
      await writeAll();
      await untilKnown(made);
      return made;
    }

    const expected = new Map<string, string>();
    async function writeAll(): Promise<void> {
      round += 1;
      for (const name of NAMES) {
        await cluster.write(name, `round ${round}`);
        expected.set(name, `round ${round}`);
      }
    }

    async function untilKnown(made: FleetFollower): Promise<void> {
      await until(
        'the client knows what was written',
        () => made.isSettled && [...expected].every(([name, value]) => made.known.get(name) === value),
        soon,
      );
    }

    it('loses nothing in the midst of writes, and has nothing to ask anew', async () => {
      const made = await follow();
      for (const hub of [second, first, second, first]) {
        const before = made.openings;
        const writing = writeAll();
        await delay(50);
        front.switchTo(hub.port);
        await writing;
        await until('the client is connected again', () => made.openings > before, soon);
        await untilKnown(made);
      }
      assert.equal(made.resets, 0, 'it would have asked for everything');
      assert.deepEqual(made.steppedBack, []);
    });

    it('is told what was deleted and made while it was connected to nobody', async () => {
      const made = await follow();
      const before = made.openings;
      front.refuse();
      await cluster.delete('a');
      await cluster.write('g', 'new');
      await cluster.write('b', 'changed');
      front.heal();
      front.switchTo(second.port);
      await until('the client is connected again', () => made.openings > before, soon);
      await until(
        'the client knows',
        () =>
          made.known.get('b') === 'changed' &&
          made.known.get('g') === 'new' &&
          made.known.get('a') === undefined,
        soon,
      );
      assert.ok(made.known.has('a'));
      assert.equal(made.resets, 0);
      await cluster.delete('g');
      await cluster.write('a', 'again');
    });

    it('waits for a replica that lags until it has caught up, and is never answered with what is older', async () => {
      const made = await follow();
      const before = made.openings;
      // The second hub's watch stands, and brings nothing.
      way.swallow();
      await writeAll();
      await untilKnown(made);
      front.switchTo(second.port);
      await until('the client is connected again', () => made.openings > before, soon);
      const asked = made.client.request('clusters.get', { source: SOURCE, name: 'a' });
      let isAnswered = false;
      void asked.then(() => (isAnswered = true));
      await delay(500);
      assert.equal(isAnswered, false, 'answered by a hub that is behind');
      way.heal();
      const { object } = await asked;
      assert.equal(Object(object.spec).description, `round ${round}`);
      await writeAll();
      await untilKnown(made);
      assert.equal(made.resets, 0);
      assert.deepEqual(made.steppedBack, []);
    });

    it('goes on where its hub was killed in the midst of writes', async () => {
      const made = await follow();
      const before = made.openings;
      const writing = writeAll();
      await delay(50);
      first.process.signal('SIGKILL');
      await first.process.ended();
      front.switchTo(second.port);
      await writing;
      await until('the client is connected again', () => made.openings > before, soon);
      await untilKnown(made);
      await writeAll();
      await untilKnown(made);
      assert.equal(made.resets, 0);
      assert.deepEqual(made.steppedBack, []);
    });
  });
}
