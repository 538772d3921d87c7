import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { LogStreams } from '../../../../src/hub/logs/logStreams';
import { DEFAULT_HUB_SETTINGS } from '../../../../src/hub/hubSettings';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import type { LogSelection } from '../../../../src/protocol/logView';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { LogServer } from '../../../support/logServer';
import { fixedSettings } from '../../../../src/hub/hubSettings';
import { withHub, type HubFixture } from '../hubFixture';

const NAMESPACE: LogSelection = { type: 'namespace', namespace: 'shop' };
const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString().replace('Z', '000000Z');

interface PodOptions {
  readonly containers?: readonly string[];
  readonly init?: readonly string[];
  readonly ephemeral?: readonly string[];
  readonly phase?: string;
  readonly reason?: string;
  /** Containers that have not started. */
  readonly waiting?: readonly string[];
  readonly restarts?: number;
}

/** A live source with pods and their logs. */
class PodWorld {
  readonly pods = new FaultServer();
  readonly logs = new LogServer();
  readonly asked: string[] = [];
  readonly told: HubEvent[] = [];
  readonly streams: LogStreams;
  readonly #fixture: HubFixture;
  #version = 5_000;

  private constructor(fixture: HubFixture) {
    this.#fixture = fixture;
    const { hub, clock, random, logger, owned } = fixture;
    this.streams = owned.add(
      new LogStreams({
        hub,
        clock,
        random,
        logger,
        tailLines: () => 100,
        onAppended: (event) => this.told.push(event),
      }),
    );
  }

  static async start(fixture: HubFixture): Promise<PodWorld> {
    const world = new PodWorld(fixture);
    const personas = new FaultServer();
    const fetch: KubeFetch = (path, request) => {
      world.asked.push(path);
      if (path.includes('/log?')) {
        return world.logs.fetch(path, request);
      }
      return (path.includes('/pods') ? world.pods : personas).fetch(path, request);
    };
    await fixture.goLive(fixture.addServer(personas, 's', fetch));
    return world;
  }

  put(name: string, options: PodOptions = {}): void {
    const {
      containers = ['main'],
      init = [],
      ephemeral = [],
      phase = 'Running',
      waiting = [],
      restarts = 0,
    } = options;
    const named = (names: readonly string[]) => names.map((each) => ({ name: each }));
    const status = (names: readonly string[]) =>
      names.map((each) => ({
        name: each,
        restartCount: waiting.includes(each) ? 0 : restarts,
        containerID: `c-${each}-${restarts}`,
        state: waiting.includes(each)
          ? { waiting: { reason: 'ContainerCreating' } }
          : { running: { startedAt: at(restarts) } },
      }));
    this.#version += 1;
    this.pods.put(name, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: String(this.#version) },
      spec: {
        containers: named(containers),
        initContainers: named(init),
        ephemeralContainers: named(ephemeral),
      },
      status: {
        phase,
        ...(options.reason === undefined ? {} : { reason: 'Evicted', message: options.reason }),
        containerStatuses: status(containers),
        initContainerStatuses: status(init),
        ephemeralContainerStatuses: status(ephemeral),
      },
    });
  }

  write(container: string, ms: number, text: string): void {
    this.logs.write(container, { time: at(ms), text });
  }

  open(selection: LogSelection = NAMESPACE): string {
    return this.streams.openView({ source: 's', selection });
  }

  async texts(view: string): Promise<string[]> {
    const { rows, streams } = await this.streams.readView({ view, at: { type: 'end' }, count: 1_000 });
    const names = new Map(streams.map(({ stream, pod, container }) => [stream, `${pod}/${container}`]));
    return rows.map(({ stream, text, marker }) => `${names.get(stream)} ${marker?.type ?? text}`);
  }

  /** e.g. `a/main following`. */
  states(view: string): string[] {
    return this.streams
      .status(view)
      .streams.map(
        ({ pod, container, state, isGone, reason }) =>
          `${pod}/${container} ${state.type === 'failed' ? state.problem.code : state.type}` +
          `${isGone === true ? ' gone' : ''}${reason === undefined ? '' : ` (${reason})`}`,
      );
  }

  settle(ms = 200): Promise<void> {
    return this.#fixture.clock.advance(ms);
  }
}

function withPods(body: (world: PodWorld, fixture: HubFixture) => Promise<void>, maxStreams = 100) {
  const settings = fixedSettings({
    ...DEFAULT_HUB_SETTINGS,
    logs: { ...DEFAULT_HUB_SETTINGS.logs, maxStreams },
  });
  return withHub(async (fixture) => body(await PodWorld.start(fixture), fixture), settings);
}

describe('the logs of selected pods', () => {
  trackLeaks();

  it(
    'are those of all containers, init and ephemeral ones too, merged by time',
    withPods(async (world) => {
      world.put('a', { containers: ['main', 'side'], init: ['setup'], ephemeral: ['debug'] });
      world.put('b');
      world.write('a/setup', 1, 'ready');
      world.write('b/main', 3, 'three');
      world.write('a/main', 2, 'two');
      const view = world.open();
      await world.settle();
      world.write('a/debug', 9, 'nine');
      world.write('a/side', 8, 'eight');
      await world.settle();
      assert.deepEqual(await world.texts(view), [
        'a/setup ready',
        'a/main two',
        'b/main three',
        'a/side eight',
        'a/debug nine',
      ]);
      const { streams, isRead, maxStreams } = world.streams.status(view);
      assert.deepEqual(
        streams.map(({ container, kind, lines }) => [container, kind, lines]),
        [
          ['main', 'container', 1],
          ['side', 'container', 1],
          ['setup', 'init', 1],
          ['debug', 'ephemeral', 1],
          ['main', 'container', 1],
        ],
      );
      assert.deepEqual([isRead, maxStreams], [true, 100]);
      const last = world.told.at(-1);
      assert.deepEqual(last?.data, { source: 's', stream: view, first: 0, next: 5 });
    }),
  );

  it(
    'take in pods that appear, and keep what those wrote that vanish',
    withPods(async (world) => {
      world.put('a');
      world.write('a/main', 1, 'one');
      const view = world.open();
      await world.settle();
      world.put('b');
      world.write('b/main', 2, 'two');
      world.pods.delete('a');
      world.logs.refuse('a/main', 404);
      world.logs.end('a/main');
      await world.settle(2_000);
      assert.deepEqual(await world.texts(view), ['a/main one', 'b/main two']);
      assert.deepEqual(world.states(view), ['a/main notFound gone', 'b/main following']);
      world.streams.closeView(view);
      await world.settle();
      assert.equal(world.logs.openBodies, 0);
    }),
  );

  it(
    'go on with a container that was started anew, though its log had ended',
    withPods(async (world) => {
      world.put('a');
      world.write('a/main', 1, 'one');
      const view = world.open();
      await world.settle();
      world.logs.end('a/main');
      await world.settle(3_000);
      assert.deepEqual(world.states(view), ['a/main ended']);
      world.logs.restart('a/main');
      world.write('a/main', 9_000, 'anew');
      world.put('a', { restarts: 1 });
      await world.settle();
      assert.deepEqual(await world.texts(view), ['a/main one', 'a/main restarted', 'a/main anew']);
      assert.deepEqual(world.states(view), ['a/main following']);
    }),
  );

  it(
    'are opened anew where the server has ended one whose container runs',
    withPods(async (world) => {
      world.put('a');
      world.write('a/main', 1, 'one');
      const view = world.open();
      await world.settle();
      world.logs.cut('end');
      await world.settle(1_000);
      world.logs.cut('end');
      await world.settle(2_000);
      assert.deepEqual(world.states(view), ['a/main ended']);
      world.write('a/main', 2, 'two');
      await world.settle(10_000);
      assert.deepEqual(await world.texts(view), ['a/main one', 'a/main two']);
      assert.deepEqual(world.states(view), ['a/main following']);
    }),
  );

  it(
    'ask for no log of a container that has not started, until it has',
    withPods(async (world) => {
      world.put('a', { waiting: ['main'], phase: 'Pending' });
      const view = world.open();
      await world.settle(5_000);
      assert.deepEqual(world.states(view), ['a/main waiting']);
      assert.equal(world.logs.asked.length, 0);
      world.put('a');
      await world.settle();
      assert.deepEqual(world.states(view), ['a/main following']);
    }),
  );

  it(
    'tell of each pod what is wrong with it, while the rest goes on',
    withPods(async (world) => {
      world.put('a');
      world.put('b', { phase: 'Failed', reason: 'The node was low on resource: memory.' });
      world.put('c');
      world.logs.refuse('a/main', 403);
      world.logs.refuse('b/main', 404);
      world.write('c/main', 1, 'one');
      const view = world.open();
      await world.settle();
      assert.deepEqual(world.states(view), [
        'a/main forbidden',
        'b/main notFound (The node was low on resource: memory.)',
        'c/main following',
      ]);
      assert.deepEqual(await world.texts(view), ['c/main one']);
    }),
  );

  it(
    'follow no more at once than they may, each pod’s first container first, and say which wait',
    withPods(async (world) => {
      world.put('a', { containers: ['main', 'side'] });
      world.put('b', { containers: ['main', 'side'] });
      world.put('c');
      const view = world.open();
      await world.settle();
      assert.deepEqual(world.states(view), [
        'a/main following',
        'a/side waiting',
        'b/main following',
        'b/side waiting',
        'c/main following',
      ]);
      assert.equal(world.streams.status(view).maxStreams, 3);
      world.logs.end('b/main');
      await world.settle(3_000);
      assert.deepEqual(world.states(view), [
        'a/main following',
        'a/side following',
        'b/main ended',
        'b/side waiting',
        'c/main following',
      ]);
      assert.equal(world.logs.openBodies, 3);
    }, 3),
  );

  it(
    'are opened some at a time',
    withPods(async (world) => {
      for (let pod = 0; pod < 40; pod += 1) {
        world.put(`p${pod}`);
      }
      const view = world.open();
      await world.settle();
      assert.equal(world.logs.openBodies, 40);
      assert.equal(world.states(view).filter((state) => state.endsWith('following')).length, 40);
    }),
  );

  it(
    'are opened behind others that are not answered before their first line',
    withPods(async (world) => {
      const quiet = Array.from({ length: 20 }, (_, index) => `quiet-${index}`);
      quiet.forEach((name) => {
        world.put(name);
        world.logs.silence(`${name}/main`);
      });
      world.put('z');
      world.write('z/main', 1, 'hello');
      const view = world.open();
      await world.settle(5_000);
      assert.deepEqual(await world.texts(view), ['z/main hello']);
    }),
  );

  it(
    'of a workload, a selector, a pod or a node are asked for as such',
    withPods(async (world) => {
      const workload = { kind: 'Deployment', namespace: 'shop', name: 'cart' } as const;
      const asked = async (selection: LogSelection): Promise<string | undefined> => {
        world.asked.length = 0;
        const view = world.open(selection);
        await world.settle();
        world.streams.closeView(view);
        return world.asked
          .find((path) => path.includes('/pods') && path.includes('limit=500'))
          ?.replace(/&?limit.*/, '');
      };
      assert.equal(
        await asked({ type: 'selector', namespace: 'shop', selector: 'app=cart,tier!=x' }),
        '/api/v1/namespaces/shop/pods?labelSelector=app%3Dcart%2Ctier%21%3Dx',
      );
      assert.equal(
        await asked({ type: 'pod', namespace: 'shop', pod: 'cart-1' }),
        '/api/v1/namespaces/shop/pods?fieldSelector=metadata.name%3Dcart-1',
      );
      assert.equal(
        await asked({ type: 'node', node: 'n1' }),
        '/api/v1/pods?fieldSelector=spec.nodeName%3Dn1',
      );
      await asked({ type: 'workload', ...workload });
      assert.ok(world.asked.includes('/apis/apps/v1/namespaces/shop/deployments/cart'));
    }),
  );

  it(
    'say why it is not known which pods there are',
    withPods(async (world) => {
      const body = JSON.stringify({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' });
      world.pods.playAlways('list', { type: 'answer', status: 403, body });
      const view = world.open();
      await world.settle();
      const { podsProblem, isRead } = world.streams.status(view);
      assert.equal(podsProblem?.code, 'forbidden');
      assert.equal(isRead, false);
    }),
  );

  it(
    'are interrupted with their source, and go on with it, without a line twice',
    withPods(async (world, fixture) => {
      const { hub } = fixture;
      world.put('a');
      world.write('a/main', 1, 'one');
      const view = world.open();
      await world.settle();
      hub.disconnect('s');
      await world.settle();
      assert.deepEqual(world.states(view), ['a/main closed']);
      world.write('a/main', 2, 'two');
      world.put('b');
      const source = hub.source('s');
      assert.ok(source);
      await fixture.goLive(source);
      await world.settle(5_000);
      assert.deepEqual(await world.texts(view), ['a/main one', 'a/main two']);
      assert.deepEqual(world.states(view), ['a/main following', 'b/main following']);
    }),
  );
});
