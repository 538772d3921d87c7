import assert from 'node:assert/strict';
import type { Problem } from '../../../../src/protocol/problem';
import type { ViewCommand } from '../../../../src/protocol/requests';
import type { SourceState } from '../../../../src/protocol/sourceState';
import type { Outage } from '../../../../webview/bridge/viewHost';
import { pageHost } from '../../../../webview/page/pageHost';
import { status } from '../fleet/fleetFixture';
import { makeOpenClient } from '../scriptedHost';

function made(outage?: Outage) {
  const went: string[] = [];
  const failed: Problem[] = [];
  let retries = 0;
  const { host: hub, client } = makeOpenClient();
  const host = pageHost({
    session: {
      client,
      outage: () => outage,
      subscribe: () => () => undefined,
      retryNow: () => (retries += 1),
    },
    router: { go: (href) => went.push(href) },
    onCopied: () => undefined,
    onFailed: (problem) => failed.push(problem),
  });
  return { host, hub, client, went, failed, retries: () => retries };
}

const OUTAGE: Outage = {
  since: 0,
  state: { type: 'reconnecting', attempt: 1, retryAt: 0, problem: { code: 'closed', detail: 'd' } },
};

describe('the page around a view', () => {
  const commands: readonly (readonly [ViewCommand, string | undefined, boolean])[] = [
    [{ type: 'openDetail', source: 's', name: 'eu' }, 'clusters/s/eu', true],
    [{ type: 'openLogs', source: 's', name: 'eu' }, 'clusters/s/eu/logs', true],
    [{ type: 'openLogs', source: 's', name: 'eu', addon: 'a b' }, 'clusters/s/eu/logs?addon=a+b', true],
    [{ type: 'copy', text: 't' }, undefined, true],
    [{ type: 'disconnect', source: 's' }, undefined, false],
    [{ type: 'showLog' }, undefined, false],
  ];
  for (const [command, href, isOffered] of commands) {
    it(`${isOffered ? 'does' : 'does not offer'} ${command.type}, ${href ?? 'which has no address'}`, () => {
      const { host, went } = made();
      assert.equal(host.offers(command.type), isOffered);
      assert.equal(host.hrefOf(command), href);
      if (command.type !== 'copy') {
        host.run(command);
        assert.deepEqual(went, href === undefined ? [] : [href]);
      }
    });
  }

  it('connects again while the hub is gone', () => {
    const { host, hub, client, retries } = made(OUTAGE);
    assert.ok(host.offers('reconnect'));
    host.run({ type: 'reconnect', source: 's' });
    assert.equal(retries(), 1);
    assert.equal(host.outage(), OUTAGE);
    assert.deepEqual(hub.requests(), []);
    client.dispose();
  });

  it('has the hub connect to a cluster again, and says why it did not', async () => {
    const { host, hub, client, failed, retries } = made();
    const command = { type: 'reconnect', source: 's' } as const;
    host.run(command);
    const { id, params } = hub.lastRequest('command.run');
    assert.deepEqual(params, { command });
    const problem = { code: 'unreachable', detail: 'no answer' };
    hub.deliver({ type: 'error', id, problem });
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(failed, [problem]);
    assert.equal(retries(), 0);
    client.dispose();
  });

  it('has no remedies that are for whoever runs the hub', () => {
    const { host } = made();
    const seen = (state: SourceState): SourceState => host.seen(status('s', state)).state;
    const problem = { code: 'forbidden', detail: 'list' } as const;
    const upstream = { code: 'upstream', detail: 'forbidden: list' } as const;
    assert.deepEqual(seen({ type: 'forbidden', problem }), { type: 'failed', problem: upstream });
    assert.deepEqual(seen({ type: 'unauthorized', problem, retryAt: 5 }), {
      type: 'reconnecting',
      attempt: 1,
      retryAt: 5,
      problem: upstream,
    });
    const live = status('s');
    assert.equal(host.seen(live), live);
  });
});
