import assert from 'node:assert/strict';
import { EVERYBODY } from '../../../src/hub/guest';
import { GuestHub } from '../../../src/hub/guestHub';
import { LogStreams } from '../../../src/hub/logs/logStreams';
import { KubeRelay } from '../../../src/hub/relay/kubeRelay';
import { answerRequest } from '../../../src/hub/requestHandlers';
import { ProblemError, type ProblemCode } from '../../../src/protocol/problem';
import type {
  RequestMethod,
  RequestParams,
  RequestResult,
  ViewCommand,
} from '../../../src/protocol/requests';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { decodeResult } from './decodeResult';
import { withHub, type HubFixture } from './hubFixture';

/** Asks as a session does; the answer has to be what the protocol promises. */
function asker(fixture: HubFixture) {
  const { hub, clock, random, logger, owned } = fixture;
  const logs = owned.add(
    new LogStreams({ hub, clock, random, logger, tailLines: () => 5, onAppended: () => {} }),
  );
  const { signal } = new AbortController();
  const guestHub = new GuestHub(hub, EVERYBODY);
  const relay = owned.add(new KubeRelay({ hub: guestHub, clock }));
  const context = {
    hub: guestHub,
    logs: () => logs,
    relay: () => relay,
    runCommand: fixture.runCommand,
    signal,
    onProgress: () => {},
  };
  const ask = (method: string, params: unknown): Promise<unknown> => answerRequest(context, method, params);
  const result = async <M extends RequestMethod>(
    method: M,
    params: RequestParams<M>,
  ): Promise<RequestResult<M>> => {
    const answer = await ask(method, params);
    const result = decodeResult(method, answer);
    assert.deepEqual(structuredClone(answer), result, 'it holds what the protocol does not know');
    return result;
  };
  const problem = async (method: string, params: unknown): Promise<ProblemCode> => {
    try {
      await ask(method, params);
    } catch (error) {
      assert.ok(error instanceof ProblemError, String(error));
      return error.problem.code;
    }
    return assert.fail(`${method} was answered`);
  };
  return { result, problem };
}

describe('requests', () => {
  trackLeaks();

  it(
    'are answered from what the demo cluster holds',
    withHub(async (fixture) => {
      const source = fixture.addDemo();
      await fixture.goLive(source);
      const { result } = asker(fixture);
      const status = await result('sources.get', { source: 'demo' });
      assert.deepEqual([status.kind, status.label, status.state.type], ['demo', 'Demo', 'live']);
      assert.deepEqual(await result('sources.list', {}), { sources: [status], hub: fixture.hub.instance });
      const { rows } = await result('clusters.list', { source: 'demo' });
      assert.equal(rows.length, status.count);
      const [row] = rows;
      const { object } = await result('clusters.get', { source: 'demo', name: row?.name ?? '' });
      assert.equal(object.metadata.name, row?.name);
      assert.ok(!('managedFields' in object.metadata));
      const { pods } = await result('pods.list', { source: 'demo', namespace: 'argocd' });
      assert.ok(pods.length > 0 && pods.every(({ namespace }) => namespace === 'argocd'));
    }),
  );

  it(
    'for alerts say what is wrong with the demo cluster’s fleet',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo());
      const { result } = asker(fixture);
      const { alerts, unwatched } = await result('alerts.list', { source: 'demo' });
      assert.ok(alerts.some(({ name, rule }) => name === 'eu-west-1' && rule === 'phaseDegraded'));
      assert.deepEqual(unwatched, []);
      const ofOne = alerts.filter(({ name }) => name === 'eu-west-1');
      assert.deepEqual((await result('alerts.list', { source: 'demo', name: 'eu-west-1' })).alerts, ofOne);
    }),
  );

  it(
    'for a log open it, read it and close it',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo());
      const { result, problem } = asker(fixture);
      const { pods } = await result('pods.list', { source: 'demo', namespace: 'argocd' });
      const { name: pod = '', containers = [] } = pods[0] ?? {};
      const target = { source: 'demo', namespace: 'argocd', pod, container: containers[0] ?? '' };
      const { stream } = await result('logs.open', target);
      await fixture.clock.advance(1_000);
      const read = await result('logs.read', { stream, from: 0, limit: 3 });
      assert.deepEqual(
        read.lines.map(({ seq }) => seq),
        [0, 1, 2],
      );
      assert.equal(read.state.type, 'following');
      await result('logs.close', { stream });
      await result('logs.close', { stream });
      assert.equal(await problem('logs.read', { stream, from: 0, limit: 3 }), 'closed');
    }),
  );

  it(
    'for a command wait until it is done, and say what kept it from being done',
    withHub(async (fixture) => {
      const commands: ViewCommand[] = [];
      fixture.runCommand = (command) => {
        commands.push(command);
        return command.type === 'copy'
          ? Promise.reject(new ProblemError({ code: 'internal', detail: 'no clipboard' }))
          : Promise.resolve();
      };
      const { result, problem } = asker(fixture);
      const command: ViewCommand = { type: 'reconnect', source: 's' };
      assert.deepEqual(await result('command.run', { command }), {});
      assert.equal(await problem('command.run', { command: { type: 'copy', text: 'x' } }), 'internal');
      assert.equal(await problem('command.run', { command: { type: 'format', disk: 'c' } }), 'badRequest');
      assert.deepEqual(commands, [command, { type: 'copy', text: 'x' }]);
    }),
  );

  it(
    'about what is in a source that is not there, or not connected, are to be asked again',
    withHub(async (fixture) => {
      const { problem } = asker(fixture);
      const ask = async (): Promise<ProblemCode[]> => [
        await problem('clusters.get', { source: 's', name: 'a' }),
        await problem('pods.list', { source: 's', namespace: 'shop' }),
      ];
      assert.deepEqual(await ask(), ['closed', 'closed']);
      assert.equal(await problem('sources.get', { source: 's' }), 'notFound');
      fixture.addServer(new FaultServer());
      assert.deepEqual(await ask(), ['closed', 'closed']);
    }),
  );

  it(
    'are refused, before anybody acts on them, where they are not what the protocol asks for',
    withHub(async (fixture) => {
      const { problem } = asker(fixture);
      const refused: readonly [string, unknown][] = [
        ['sources.get', {}],
        ['clusters.list', null],
        ['clusters.get', { source: 's', name: 3 }],
        ['logs.read', { stream: '1', from: -1, limit: 10 }],
        ['logs.read', { stream: '1', from: 0, limit: 1e9 }],
        ['logs.open', { source: 's', namespace: 'n' }],
      ];
      for (const [method, params] of refused) {
        assert.equal(await problem(method, params), 'badRequest', method);
      }
      for (const method of ['', 'clusters', 'constructor', '__proto__', 'x'.repeat(10_000)]) {
        assert.equal(await problem(method, {}), 'unknownMessage', method.slice(0, 20));
      }
    }),
  );
});
