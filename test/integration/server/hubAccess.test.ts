import assert from 'node:assert/strict';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { codeOf, namesOf, recordOf } from './hubAnswers';
import { FIRST_LINE, HubRealm, POD } from './hubRealm';
import type { Shown } from './hubVisitor';

const soon = { deadlineMs: 30_000, pollMs: 50 };

describe('who may do what at a hub, on a real API server', function () {
  this.timeout(120_000);
  let realm: HubRealm;
  let source: string;

  before(async function () {
    realm = await HubRealm.start(requireKubernetes(this));
    await realm.account('loses');
    const [first] = await realm.visitor({ token: await realm.tokenOf('admin') }).sources();
    source = String(first?.source);
  });
  after(() => realm?.stop());

  for (const [kind, show] of [
    ['token', async (name: string): Promise<Shown> => ({ token: await realm.tokenOf(name) })],
    [
      'certificate',
      (name: string): Promise<Shown> => Promise.resolve({ certificate: realm.certificateOf(name) }),
    ],
  ] as const) {
    describe(`by ${kind}`, () => {
      for (const { name, state, rows, personas, logs, metrics } of [
        { name: 'admin', state: 'live', rows: ['alpha'], personas: 200, logs: 'open', metrics: 200 },
        {
          name: 'restricted',
          state: 'live',
          rows: ['alpha'],
          personas: 200,
          logs: 'forbidden',
          metrics: 403,
        },
        { name: 'none', state: 'forbidden', rows: [], personas: 403, logs: 'forbidden', metrics: 403 },
      ] as const) {
        it(`${name} may what the cluster allows, on every face`, async () => {
          const somebody = realm.visitor(await show(name));
          const [status] = await somebody.sources();
          assert.equal(status?.state.type, state);
          for (const [path, expected] of [
            [`/api/v1/clusters?source=${source}`, personas],
            [`/api/v1/clusters/${source}/alpha`, personas],
            ['/api/clusters', personas],
            ['/api/clusters/alpha', personas],
            ['/metrics', metrics],
          ] as const) {
            const answer = await somebody.ask(path);
            assert.equal(answer.status, expected, `${path}: ${answer.body}`);
            assert.equal(/alpha/.test(answer.body), expected === 200 && path !== '/metrics', path);
            assert.equal(
              /clusterpersona_hub_reviews_total\{kind="access"\} [1-9]/.test(answer.body),
              expected === 200 && path === '/metrics',
              path,
            );
          }
          using compatible = somebody.open('/ws');
          assert.equal(await compatible.opened(), personas === 200 ? 101 : 403);
          using client = await somebody.greeted();
          assert.deepEqual(namesOf(await client.ask(1, 'clusters.list')), rows);
          assert.equal(
            await codeOf(client, 2, 'clusters.get', { source, name: 'alpha' }),
            personas === 200 ? 'ok' : 'forbidden',
          );
          const place = { source, namespace: POD.namespace };
          assert.equal(await codeOf(client, 3, 'pods.list', place), logs === 'open' ? 'ok' : 'forbidden');
          assert.equal(
            await codeOf(client, 4, 'logs.open', { ...place, pod: POD.name }),
            logs === 'open' ? 'ok' : 'forbidden',
          );
          const selection = { type: 'namespace', namespace: POD.namespace };
          assert.equal(
            await codeOf(client, 7, 'logViews.open', { source, selection }),
            logs === 'open' ? 'ok' : 'forbidden',
          );
          const streamed = await somebody.streamStatus(
            `/api/v1/logs?source=${source}&namespace=${POD.namespace}&pod=${POD.name}`,
            FIRST_LINE,
          );
          assert.equal(streamed, logs === 'open' ? 200 : 403);
          const command = (type: string) => ({ command: { type, source } });
          assert.equal(
            await codeOf(client, 5, 'command.run', command('reconnect')),
            personas === 200 ? 'ok' : 'forbidden',
          );
          assert.equal(await codeOf(client, 6, 'command.run', command('disconnect')), 'forbidden');
        });
      }

      it('tells of a write whoever may see it, and nobody else', async () => {
        using may = await realm.visitor(await show('restricted')).greeted();
        using mayNot = await realm.visitor(await show('none')).greeted();
        for (const client of [may, mayNot]) {
          client.say({ type: 'subscribe', id: 1, patterns: ['**'] });
          await client.ask(1, 'sources.list');
        }
        await realm.cluster.patchStatus('alpha', { phase: kind === 'token' ? 'Ready' : 'Degraded' });
        await until(
          'it was told',
          async () => /cluster\.updated/.test(JSON.stringify(await may.next('events'))),
          soon,
        );
        await mayNot.ask(2, 'sources.list');
        assert.equal(mayNot.count('events'), 0);
      });

      it('ends what a right was taken away from, on each face, and nothing else', async () => {
        await realm.bind('loses', 'personas', 'loses');
        const somebody = realm.visitor(await show('loses'));
        await until(
          'the right is there',
          async () => (await somebody.sources())[0]?.state.type === 'live',
          soon,
        );
        using client = await somebody.greeted();
        client.say({ type: 'subscribe', id: 1, patterns: ['**'] });
        assert.deepEqual(namesOf(await client.ask(1, 'clusters.list')), ['alpha']);
        using compatible = somebody.open('/ws');
        assert.equal(await compatible.opened(), 101);
        using other = await realm.visitor(await show('restricted')).greeted();
        await realm.unbind('loses');
        const { ok } = await client.next('recovered');
        assert.equal(ok, false);
        const { sources } = recordOf(await client.ask(2, 'sources.list'));
        assert.ok(Array.isArray(sources));
        const { state } = recordOf(sources[0]);
        assert.equal(recordOf(state).type, 'forbidden');
        assert.match(
          String(recordOf(recordOf(state).problem).detail),
          /^User "\S*loses" cannot (?:list|watch) resource "clusterpersonas" in API group "dorgu.io" at the cluster scope$/,
        );
        assert.equal(await codeOf(client, 3, 'clusters.get', { source, name: 'alpha' }), 'forbidden');
        const { code, reason } = await compatible.closing;
        assert.equal(code, 4403);
        assert.match(reason, /cannot (?:list|watch) resource "clusterpersonas"/);
        await other.ask(2, 'clusters.list');
      });
    });
  }
});
