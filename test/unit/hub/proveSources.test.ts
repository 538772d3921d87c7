import assert from 'node:assert/strict';
import { proveSources, type ProofProgress } from '../../../src/hub/proveSources';
import type { Source } from '../../../src/hub/source';
import { ProblemError } from '../../../src/protocol/problem';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';

const LIMIT_MS = 30_000;

interface Proving {
  readonly told: string[];
  readonly abort: AbortController;
  /** How it ended: the counts, or what it rejected with; undefined while it goes on. */
  end: ProofProgress | { readonly error: unknown } | undefined;
}

function inShort({ proven, failed, total }: ProofProgress): string {
  return `${proven}+${failed}/${total}`;
}

/** Asks the sources to prove themselves. */
function prove(
  { clock }: HubFixture,
  sources: readonly Source[],
  begin: () => Promise<void> | void = () => {
    for (const source of sources) {
      source.retryNow();
    }
  },
): Proving {
  const proving: Proving = { told: [], abort: new AbortController(), end: undefined };
  proveSources({
    sources,
    begin,
    clock,
    limitMs: LIMIT_MS,
    signal: proving.abort.signal,
    onProgress: (progress, last) => proving.told.push(`${inShort(progress)} ${last?.id ?? ''}`.trim()),
  }).then(
    (end) => (proving.end = end),
    (error: unknown) => (proving.end = { error }),
  );
  return proving;
}

async function liveServer(fixture: HubFixture, id: string): Promise<{ server: FaultServer; source: Source }> {
  const server = new FaultServer();
  server.put('a');
  const source = fixture.addServer(server, id);
  await fixture.goLive(source);
  return { server, source };
}

describe('sources that are to prove themselves', () => {
  trackLeaks();

  it(
    'are through when each has proven that what is held is true',
    withHub(async (fixture) => {
      const one = await liveServer(fixture, 'one');
      const two = await liveServer(fixture, 'two');
      const proving = prove(fixture, [one.source, two.source]);
      assert.deepEqual(proving.told, ['0+0/2']);
      assert.equal(proving.end, undefined);
      await fixture.clock.advance(100);
      assert.deepEqual(proving.end, { proven: 2, failed: 0, total: 2 });
      assert.deepEqual(proving.told, ['0+0/2', '1+0/2 one', '2+0/2 two']);
    }),
  );

  it(
    'are through at once where there are none',
    withHub(async (fixture) => {
      const proving = prove(fixture, []);
      await fixture.clock.settle();
      assert.deepEqual(proving.end, { proven: 0, failed: 0, total: 0 });
    }),
  );

  it(
    'have failed when the attempt did, though it failed as before',
    withHub(async (fixture) => {
      const problem = { code: 'credentials', detail: 'no such program' } as const;
      const source = fixture.hub.addSource({
        id: 's',
        kind: 'kubeconfig',
        label: 's',
        open: () =>
          Promise.resolve({ fetch: () => Promise.reject(new ProblemError(problem)), dispose: () => {} }),
      });
      source.connect();
      await fixture.clock.advance(1_000);
      assert.equal(fixture.stateOf('s'), 'failed');
      const proving = prove(fixture, [source]);
      await fixture.clock.advance(100);
      assert.deepEqual(proving.end, { proven: 0, failed: 1, total: 1 });
    }),
  );

  it(
    'have failed when their way cannot be opened',
    withHub(async (fixture) => {
      const source = fixture.hub.addSource({
        id: 's',
        kind: 'kubeconfig',
        label: 's',
        open: () => Promise.reject(new ProblemError({ code: 'kubeconfig', detail: 'gone' })),
      });
      const proving = prove(fixture, [source], () => source.connect());
      await fixture.clock.advance(100);
      assert.deepEqual(proving.end, { proven: 0, failed: 1, total: 1 });
      // Failed, it is disconnected and connected anew to be tried again: that is not its end.
      const again = prove(fixture, [source]);
      await fixture.clock.advance(100);
      assert.deepEqual(again.end, { proven: 0, failed: 1, total: 1 });
    }),
  );

  it(
    'are proven when they are connected only then',
    withHub(async (fixture) => {
      const source = fixture.addServer(new FaultServer());
      const proving = prove(fixture, [source], () => source.connect());
      await fixture.clock.advance(100);
      assert.deepEqual(proving.end, { proven: 1, failed: 0, total: 1 });
    }),
  );

  it(
    'are waited for no longer than the limit, and go on',
    withHub(async (fixture) => {
      const { source } = await liveServer(fixture, 'live');
      const hanging = fixture.hub.addSource({
        id: 'hanging',
        kind: 'kubeconfig',
        label: 'hanging',
        open: (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          }),
      });
      hanging.connect();
      const proving = prove(fixture, [source, hanging]);
      await fixture.clock.advance(LIMIT_MS - 1);
      assert.equal(proving.end, undefined);
      await fixture.clock.advance(1);
      assert.deepEqual(proving.end, { proven: 1, failed: 0, total: 2 });
      assert.equal(hanging.isConnected, true);
    }),
  );

  it(
    'are no longer waited for once that is cancelled, and go on',
    withHub(async (fixture) => {
      const { source } = await liveServer(fixture, 's');
      const proving = prove(fixture, [source]);
      proving.abort.abort(new Error('enough'));
      await fixture.clock.settle();
      assert.ok(proving.end !== undefined && 'error' in proving.end);
      assert.equal(String(proving.end.error), 'Error: enough');
      await fixture.clock.advance(100);
      assert.deepEqual(proving.told, ['0+0/1'], 'nothing is told afterwards');
      assert.equal(fixture.stateOf('s'), 'live');
    }),
  );

  it(
    'count as failed when they are disconnected or removed meanwhile, or never were connected',
    withHub(async (fixture) => {
      const one = await liveServer(fixture, 'one');
      const two = await liveServer(fixture, 'two');
      const never = fixture.addServer(new FaultServer(), 'never');
      const proving = prove(fixture, [one.source, two.source, never], () => Promise.resolve());
      await Promise.resolve();
      await Promise.resolve();
      fixture.hub.disconnect('one');
      fixture.hub.removeSource('two');
      await fixture.clock.settle();
      assert.deepEqual(proving.end, { proven: 0, failed: 3, total: 3 });
    }),
  );

  it(
    'are not waited for where they cannot be asked',
    withHub(async (fixture) => {
      const { source } = await liveServer(fixture, 's');
      const error = new Error('no memory');
      const proving = prove(fixture, [source], () => Promise.reject(error));
      await fixture.clock.settle();
      assert.deepEqual(proving.end, { error });
    }),
  );
});
