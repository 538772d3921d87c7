import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Doctor } from '../../../src/extension/diagnosis/doctor';
import { runViewCommand } from '../../../src/extension/panels/viewCommands';
import { Refresh } from '../../../src/extension/refresh';
import { CommandRuns } from '../../../src/hub/commandRuns';
import { Hub } from '../../../src/hub/hub';
import type { RequestProgress } from '../../../src/hub/requestHandlers';
import type { Source } from '../../../src/hub/source';
import type { CommandStep } from '../../../src/protocol/commandProgress';
import { FaultServer } from '../../support/faultServer/faultServer';
import { until } from '../../support/testbed/until';

const DEADLINE = { deadlineMs: 10_000 };

/** Never answers. */
const hangingFetch: KubeFetch = (_path, request) =>
  new Promise((_, reject) => {
    request?.signal?.addEventListener('abort', () => reject(request.signal?.reason), { once: true });
  });

const kubeconfigs = {
  refresh: () => Promise.resolve(),
  examine: () => Promise.reject(new Error('there is no kubeconfig')),
};

describe('Long commands', () => {
  let owned: DisposableStore;
  let hub: Hub;
  let runs: CommandRuns;
  let steps: CommandStep[];

  beforeEach(() => {
    owned = new DisposableStore();
    steps = [];
    hub = owned.add(new Hub({ clock: systemClock, random: systemRandom, logger: nullLogger }));
    runs = owned.add(new CommandRuns({ hub, clock: systemClock, logger: nullLogger }));
    owned.add(
      hub.onEvent((event) => {
        if (event.type === 'command.progress') {
          steps.push(event.data);
        }
      }),
    );
  });

  afterEach(() => owned.dispose());

  async function addSource(id: string, fetch: KubeFetch): Promise<Source> {
    const source = hub.addSource({
      id,
      kind: 'demo',
      label: id,
      open: () => Promise.resolve({ fetch, dispose: () => undefined }),
    });
    source.connect();
    if (fetch !== hangingFetch) {
      await until(`${id} is live`, () => Promise.resolve(source.status().state.type === 'live'), DEADLINE);
    }
    return source;
  }

  function running(command: CommandStep['command']): CommandStep[] {
    return steps.filter((step) => step.command === command && step.state === 'running');
  }

  function ends(): string[] {
    return steps
      .filter(({ state }) => state !== 'running')
      .map(({ command, state }) => `${command} ${state}`);
  }

  it('a refresh tells how many clusters are through, and is done when all are', async () => {
    const server = new FaultServer();
    server.put('a');
    await addSource('one', server.fetch);
    await addSource('two', server.fetch);
    await new Refresh({ hub, kubeconfigs, runs, clock: systemClock }).run();
    assert.deepEqual(ends(), ['refresh done']);
    const last = steps.at(-1);
    assert.deepEqual([last?.done, last?.total, last?.fraction], [2, 2, 1]);
  });

  it('a refresh that waits for a cluster can be joined and cancelled, and the cluster goes on', async () => {
    const server = new FaultServer();
    await addSource('live', server.fetch);
    const hanging = await addSource('hanging', hangingFetch);
    const refresh = new Refresh({ hub, kubeconfigs, runs, clock: systemClock });
    const first = refresh.run();
    await until(
      'one of two is through',
      () => Promise.resolve(running('refresh').some(({ done, total }) => done === 1 && total === 2)),
      DEADLINE,
    );
    const second = refresh.run();
    refresh.stop();
    await Promise.all([first, second]);
    assert.deepEqual(ends(), ['refresh cancelled']);
    assert.equal(refresh.running, undefined);
    assert.equal(hanging.isConnected, true);
  });

  const hubs = { examine: (): Promise<never> => Promise.reject(new Error('there is no hub')) };

  it('a diagnosis tells each of its checks, and can be joined and cancelled', async () => {
    await addSource('hanging', hangingFetch);
    const doctor = owned.add(
      new Doctor({ hub, kubeconfigs, hubs, runs, clock: systemClock, logger: nullLogger, version: '0' }),
    );
    const first = doctor.diagnose('hanging');
    await until(
      'a check is under way',
      () => Promise.resolve(running('diagnose').some(({ subject }) => subject !== undefined)),
      DEADLINE,
    );
    const second = doctor.diagnose('hanging');
    const run = runs.running('diagnose', 'hanging');
    assert.equal(steps.filter(({ id }) => id !== run?.id).length, 0, 'there is one run');
    run?.cancel();
    await Promise.all([first, second]);
    assert.deepEqual(ends(), ['diagnose cancelled']);
  });

  it('a diagnosis is done when its last check is', async () => {
    const server = new FaultServer();
    server.put('a');
    await addSource('s', server.fetch);
    const doctor = owned.add(
      new Doctor({ hub, kubeconfigs, hubs, runs, clock: systemClock, logger: nullLogger, version: '0' }),
    );
    await doctor.diagnose('s');
    assert.deepEqual(ends(), ['diagnose done']);
    const fractions = running('diagnose').map(({ fraction = 0 }) => fraction);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
  });

  it('a view hears how far its reconnecting is, until the cluster is proven current', async () => {
    const server = new FaultServer();
    server.put('a');
    const source = await addSource('s', server.fetch);
    source.disconnect();
    const told: RequestProgress[] = [];
    await runViewCommand(
      {
        hub,
        clock: systemClock,
        connections: {
          connect: (id) => Promise.resolve(hub.source(id)?.connect()),
          disconnect: () => Promise.resolve(),
        },
        log: { show: () => undefined },
        kubeconfigs: { context: () => undefined },
        platform: { pathDelimiter: ':' },
        logDocuments: { open: () => Promise.resolve() },
      },
      { type: 'reconnect', source: 's' },
      {
        signal: new AbortController().signal,
        onProgress: (progress) => told.push(progress),
        logs: undefined,
      },
    );
    assert.ok(
      told.some(({ text }) => text === 'connecting'),
      JSON.stringify(told),
    );
    assert.equal(source.hasBeenRead, true);
  });
});
