import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { EVERYBODY, type Guest } from '../../../src/hub/guest';
import type { RequestProgress } from '../../../src/hub/requestHandlers';
import { ProblemError } from '../../../src/protocol/problem';
import type { ViewCommand } from '../../../src/protocol/requests';
import { HubCommands } from '../../../src/server/hubCommands';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from '../hub/hubFixture';
import { RawClient } from '../hub/rawClient';
import { ScriptedGuest } from '../hub/scriptedGuest';

const RECONNECT: ViewCommand = { type: 'reconnect', source: 's' };

function commandsOf(fixture: HubFixture) {
  const { hub, clock, owned } = fixture;
  const commands = owned.add(new HubCommands({ hub, clock, logger: nullLogger }));
  const progress: RequestProgress[] = [];
  const run = async (
    command: ViewCommand,
    guest: Guest = EVERYBODY,
    signal = new AbortController().signal,
  ): Promise<string> => {
    try {
      await commands.run(guest, command, signal, (step) => progress.push(step));
      return 'done';
    } catch (error) {
      return error instanceof ProblemError ? error.problem.code : String(error);
    }
  };
  return { commands, run, progress };
}

/** What was told of runs, without when. */
function steps(fixture: HubFixture): string[] {
  return fixture.events
    .splice(0)
    .flatMap(({ type, data }) =>
      type === 'command.progress' ? [`${data.id} ${data.source} ${data.state} ${data.done}`] : [],
    );
}

describe('a command that a hub runs', () => {
  trackLeaks();

  it(
    'has a source prove that it is true, with progress, and tells everybody',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { run, progress } = commandsOf(fixture);
      await fixture.clock.advance(5_000);
      steps(fixture);
      const before = server.count('probe');
      const answer = run(RECONNECT);
      await fixture.clock.advance(5_000);
      assert.equal(await answer, 'done');
      assert.ok(server.count('probe') > before, 'the cluster was not asked');
      assert.equal(progress.at(-1)?.fraction, 1);
      assert.deepEqual(steps(fixture), ['refresh-1 s running undefined', 'refresh-1 s done 1']);
    }),
  );

  it(
    'is one for all who want it, and costs nothing right after',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { run } = commandsOf(fixture);
      await fixture.clock.advance(5_000);
      const abort = new AbortController();
      const all = [run(RECONNECT), run(RECONNECT), run(RECONNECT, EVERYBODY, abort.signal)];
      await fixture.clock.settle();
      abort.abort(new ProblemError({ code: 'closed', detail: 'gone' }));
      await fixture.clock.advance(500);
      assert.deepEqual(await Promise.all(all), ['done', 'done', 'closed']);
      assert.equal(await run(RECONNECT), 'done');
      const told = steps(fixture);
      assert.ok(
        told.every((step) => step.startsWith('refresh-1 ')),
        told.join(),
      );
    }),
  );

  it(
    'fails where the cluster does not answer, and says why',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { run } = commandsOf(fixture);
      for (const kind of ['list', 'watch', 'probe'] as const) {
        server.playAlways(kind, { type: 'refuse', code: 'unreachable' });
      }
      server.cutWatches();
      await fixture.clock.advance(20_000);
      const answer = run(RECONNECT);
      await fixture.clock.advance(60_000);
      assert.match(await answer, /^(?:upstream|unreachable)$/);
      assert.match(steps(fixture).at(-1) ?? '', /^refresh-1 s failed/);
    }),
  );

  it(
    'is none of what one client may not do to all, or only an editor can',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      const { run } = commandsOf(fixture);
      assert.equal(await run({ type: 'disconnect', source: 's' }), 'forbidden');
      assert.ok(source.isConnected);
      for (const command of [
        { type: 'openLogs', source: 's', name: 'a' },
        { type: 'openDetail', source: 's', name: 'a' },
        { type: 'showLog' },
        { type: 'copy', text: 'x' },
      ] as const) {
        assert.equal(await run(command), 'unsupported', command.type);
      }
      assert.equal(await run({ type: 'reconnect', source: 'nowhere' }), 'closed');
      assert.deepEqual(steps(fixture), []);
    }),
  );

  it(
    'is run for those alone who may see the source, and nobody else hears of it',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { run } = commandsOf(fixture);
      const stranger = new ScriptedGuest();
      const client = fixture.owned.add(new RawClient(fixture.serve(undefined, stranger).client));
      client.ready('command.*');
      await fixture.clock.advance(5_000);
      client.take();
      assert.equal(await run(RECONNECT, stranger), 'forbidden');
      const answer = run(RECONNECT);
      await fixture.clock.advance(5_000);
      assert.equal(await answer, 'done');
      assert.deepEqual(client.takeFrames(), []);
    }),
  );
});
