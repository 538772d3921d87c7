import assert from 'node:assert/strict';
import type { CheckId, Finding } from '../../../src/doctor/diagnosis';
import { examine, type Check } from '../../../src/doctor/examine';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';

const passed: Finding = { outcome: 'passed', details: [] };
const failed: Finding = { outcome: 'failed', problem: { code: 'dns', detail: 'x' }, details: [] };
const never = (): Promise<Finding> => new Promise(() => undefined);

describe('examining', () => {
  trackLeaks();
  const clock = new FakeClock();
  const check = (id: CheckId, needs: CheckId[], run: Check['run']): Check => ({ id, needs, run });
  const run = (checks: Check[], signal = new AbortController().signal, onCheck?: (id: CheckId) => void) =>
    examine({ checks, clock, signal, ...(onCheck === undefined ? {} : { onCheck }) });

  it('runs one check after the other, and tells each before it is run', async () => {
    const told: string[] = [];
    const step = (id: CheckId) =>
      check(id, [], () => {
        told.push(`${id} runs`);
        return Promise.resolve(passed);
      });
    await run([step('dns'), step('tcp')], undefined, (id) => told.push(id));
    assert.deepEqual(told, ['dns', 'dns runs', 'tcp', 'tcp runs']);
  });

  it('skips what needs a check that failed, and names the first cause', async () => {
    const results = await run([
      check('dns', [], () => Promise.resolve(failed)),
      check('tcp', ['dns'], () => assert.fail('not wanted')),
      check('tls', ['tcp'], () => assert.fail('not wanted')),
      check('access', ['kubeconfig'], () => Promise.resolve(passed)),
    ]);
    assert.deepEqual(
      results.slice(1, 3).map((result) => result.outcome === 'skipped' && result.reason),
      [
        { type: 'after', check: 'dns' },
        { type: 'after', check: 'dns' },
      ],
    );
    assert.equal(results[3]?.outcome, 'passed');
  });

  it('goes on after what was not needed and what only warned', async () => {
    const results = await run([
      check('dns', [], () =>
        Promise.resolve({ outcome: 'skipped', reason: { type: 'addressGiven' }, details: [] }),
      ),
      check('tls', ['dns'], () =>
        Promise.resolve({ outcome: 'warning', concern: { type: 'certificateNotVerified' }, details: [] }),
      ),
      check('version', ['dns', 'tls'], () => Promise.resolve(passed)),
    ]);
    assert.equal(results[2]?.outcome, 'passed');
  });

  it('makes a failure of whatever a check throws', async () => {
    const [result] = await run([check('dns', [], () => Promise.reject(new Error('a fault of our own')))]);
    assert.ok(result?.outcome === 'failed');
    assert.deepEqual(result.problem, { code: 'internal', detail: 'a fault of our own' });
  });

  it('ends a check that takes too long, whether it listens or not, by the code it gives that', async () => {
    let reason: unknown;
    const pending = run([
      check('tcp', [], (signal) => {
        signal.addEventListener('abort', () => (reason = signal.reason));
        return never();
      }),
      { ...check('proxy', [], never), limitMs: 500, lateCode: () => 'proxy' },
    ]);
    await clock.advance(10_000);
    await clock.advance(500);
    const results = await pending;
    assert.deepEqual(
      results.map((result) => result.outcome === 'failed' && [result.problem, result.durationMs]),
      [
        [{ code: 'unreachable', detail: 'no answer within 10 s' }, 10_000],
        [{ code: 'proxy', detail: 'no answer within 0.5 s' }, 500],
      ],
    );
    assert.ok(reason instanceof Error);
    assert.equal(clock.pendingTimers, 0);
  });

  it('ends what a check left open when its finding is there', async () => {
    let signal: AbortSignal | undefined;
    await run([
      check('dns', [], (given) => {
        signal = given;
        return Promise.resolve(passed);
      }),
    ]);
    assert.equal(signal?.aborted, true);
  });

  it('rejects with the signal’s reason, at once and only then', async () => {
    const abort = new AbortController();
    const pending = run([check('dns', [], never)], abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(pending, /enough/);
    await assert.rejects(run([check('dns', [], () => Promise.resolve(passed))], abort.signal), /enough/);
    assert.equal(clock.pendingTimers, 0);
  });
});
