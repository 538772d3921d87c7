import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { METRIC_ACCESS, PERSONA_ACCESS, type Access } from '../../../../src/hub/guest';
import type { Identity } from '../../../../src/kube/identity';
import { AccessReviews } from '../../../../src/server/auth/accessReviews';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';
import { scriptedKube } from '../../kube/scriptedKube';

const JANE: Identity = { user: 'jane', groups: ['ops', 'system:authenticated', 'system:masters'], extra: {} };

/** The sources `home` and `away`, whose API servers allow all but what is denied. */
async function clusters(fixture: HubFixture, denied: (asked: string) => boolean = () => false) {
  const asked: string[] = [];
  const reviewing =
    (source: string, server: FaultServer): KubeFetch =>
    (path, request) => {
      if (!path.endsWith('/subjectaccessreviews')) {
        return server.fetch(path, request);
      }
      const { spec } = JSON.parse(String(request?.body));
      const {
        verb,
        group,
        resource,
        subresource,
        namespace,
        name,
        path: url,
      } = spec.resourceAttributes ?? spec.nonResourceAttributes;
      const what = [verb, group, resource, subresource, namespace, name, url].filter(Boolean).join(' ');
      asked.push(`${source} ${spec.user} ${spec.groups.join()}: ${what}`);
      return scriptedKube(JSON.stringify({ status: { allowed: !denied(what) } })).fetch(path, request);
    };
  for (const id of ['home', 'away']) {
    const server = new FaultServer();
    await fixture.goLive(fixture.addServer(server, id, reviewing(id, server)));
  }
  const { hub, clock, owned } = fixture;
  const reviews = owned.add(new AccessReviews({ clock, hub, home: 'home', keepMs: 10_000 }));
  return { reviews, asked };
}

describe('reviews of access', () => {
  trackLeaks();

  for (const [access, parts] of [
    [PERSONA_ACCESS, ['list dorgu.io clusterpersonas', 'watch dorgu.io clusterpersonas']],
    [METRIC_ACCESS, ['list metrics.k8s.io nodes']],
    [{ type: 'pods', namespace: 'shop' }, ['list pods shop', 'watch pods shop']],
    [{ type: 'logs', namespace: 'shop', pod: 'cart-0' }, ['get pods log shop cart-0']],
    [{ type: 'logs', namespace: 'shop', pod: '' }, ['get pods log shop']],
    [{ type: 'logs', namespace: '', pod: '' }, ['get pods log']],
    [{ type: 'path', path: '/metrics' }, ['get /metrics']],
  ] as const satisfies readonly (readonly [Access, readonly string[]])[]) {
    it(
      `ask of ${JSON.stringify(access)} for ${parts.join(' and ')}, and each part may be denied`,
      withHub(async (fixture) => {
        let denied = '';
        const { reviews, asked } = await clusters(fixture, (what) => what === denied);
        assert.equal(await reviews.review('home', JANE, access), undefined);
        assert.deepEqual(
          asked,
          parts.map((part) => `home jane ${JANE.groups.join()}: ${part}`),
        );
        for (denied of parts) {
          await fixture.clock.advance(10_000);
          assert.match(
            (await reviews.review('home', JANE, access)) ?? '',
            /^User "jane" cannot (?:list|watch|get) /,
          );
        }
      }),
    );
  }

  it(
    'say what is refused in the words of an API server',
    withHub(async (fixture) => {
      const { reviews } = await clusters(fixture, () => true);
      assert.equal(
        await reviews.review('home', JANE, PERSONA_ACCESS),
        'User "jane" cannot list resource "clusterpersonas" in API group "dorgu.io" at the cluster scope',
      );
      assert.equal(
        await reviews.review('home', JANE, { type: 'logs', namespace: 'shop', pod: 'cart' }),
        'User "jane" cannot get resource "pods/log" in API group "" in the namespace "shop"',
      );
    }),
  );

  it(
    'are asked for again after 10 s, and for each user, set of groups and extra by itself',
    withHub(async (fixture) => {
      const { reviews, asked } = await clusters(fixture);
      const access: Access = { type: 'path', path: '/metrics' };
      const ask = async (identity: Identity): Promise<number> => {
        await reviews.review('home', identity, access);
        return asked.splice(0).length;
      };
      assert.equal(await ask(JANE), 1);
      assert.equal(await ask({ ...JANE, groups: JANE.groups.toReversed() }), 0, 'the order says nothing');
      for (const other of [
        { ...JANE, user: 'joe' },
        { ...JANE, uid: '7' },
        { ...JANE, groups: ['ops'] },
        { ...JANE, extra: { scopes: ['a'] } },
        { ...JANE, extra: { scopes: ['a,b'] } },
        { ...JANE, extra: { scopes: ['a', 'b'] } },
      ]) {
        assert.equal(await ask(other), 1, JSON.stringify(other));
      }
      await fixture.clock.advance(9_000);
      assert.equal(await ask(JANE), 0);
      await fixture.clock.advance(1_000);
      assert.equal(await ask(JANE), 1);
    }),
  );

  it(
    'take nobody of one cluster for somebody of another one who has the same name of Kubernetes’ own',
    withHub(async (fixture) => {
      const { reviews, asked } = await clusters(fixture);
      assert.equal(await reviews.review('away', JANE, PERSONA_ACCESS), undefined);
      assert.match(asked[0] ?? '', /^away jane ops,system:authenticated: /);
      const account = { ...JANE, user: 'system:serviceaccount:shop:cart' };
      assert.equal(await reviews.review('home', account, PERSONA_ACCESS), undefined);
      asked.length = 0;
      assert.match(
        (await reviews.review('away', account, PERSONA_ACCESS)) ?? '',
        /is one of another cluster/,
      );
      assert.deepEqual(asked, []);
    }),
  );

  it(
    'deny names that are none, whoever asks: what is asked for afterwards would be something else',
    withHub(async (fixture) => {
      const { reviews, asked } = await clusters(fixture);
      for (const name of ['..', 'a/../../kube-system/pods/b', '/', 'A', 'a b', 'a%2Fb', '-a', 'a.']) {
        for (const access of [
          { type: 'pods', namespace: name },
          { type: 'logs', namespace: name, pod: 'cart' },
          { type: 'logs', namespace: 'shop', pod: name },
        ] as const) {
          assert.match((await reviews.review('home', JANE, access)) ?? '', /no name of Kubernetes/, name);
        }
      }
      assert.deepEqual(asked, []);
    }),
  );

  it(
    'deny what is behind another hub, whose cluster cannot be asked',
    withHub(async (fixture) => {
      const { reviews, asked } = await clusters(fixture);
      const open = () => Promise.reject(new Error('it is not opened'));
      fixture.hub.addSource({ id: 'far', kind: 'hub', label: 'far', open });
      assert.match((await reviews.review('far', JANE, PERSONA_ACCESS)) ?? '', /behind another hub/);
      assert.deepEqual(asked, []);
    }),
  );

  it(
    'come to nothing where the source is not connected',
    withHub(async (fixture) => {
      const { reviews } = await clusters(fixture);
      fixture.hub.disconnect('away');
      await assert.rejects(reviews.review('away', JANE, PERSONA_ACCESS), /closed/);
      await assert.rejects(reviews.review('nowhere', JANE, PERSONA_ACCESS), /closed/);
    }),
  );
});
