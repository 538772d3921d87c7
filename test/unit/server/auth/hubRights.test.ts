import assert from 'node:assert/strict';
import type { KubeFetch } from '../../../../src/base/kubeFetch';
import { HubRights } from '../../../../src/server/auth/hubRights';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';
import { scriptedKube } from '../../kube/scriptedKube';

/** The sources `home` and `away`, where the hub may all but what is missing there. */
function rightsOf(fixture: HubFixture, { reviewsTokens = true } = {}) {
  const missing = new Set<string>();
  const sources = ['home', 'away'].map((id) => {
    const server = new FaultServer();
    const fetch: KubeFetch = (path, request) => {
      if (!path.endsWith('/selfsubjectaccessreviews')) {
        return server.fetch(path, request);
      }
      if (missing.has(`${id} *`)) {
        return Promise.reject(new Error('no answer'));
      }
      const { verb, resource } = JSON.parse(String(request?.body)).spec.resourceAttributes;
      const allowed = verb === 'create' && !missing.has(`${id} ${resource}`);
      return scriptedKube(JSON.stringify({ status: { allowed } })).fetch(path, request);
    };
    return fixture.addServer(server, id, fetch);
  });
  const { hub, clock, logger, owned } = fixture;
  const rights = owned.add(new HubRights({ hub, home: 'home', reviewsTokens, clock, logger }));
  const connect = async (): Promise<void> => {
    for (const source of sources) {
      await fixture.goLive(source);
    }
    await clock.advance(5_000);
  };
  return { rights, missing, connect };
}

describe('the rights of the hub itself', () => {
  trackLeaks();

  it(
    'suffice where it may review tokens and access',
    withHub(async (fixture) => {
      const { rights, connect } = rightsOf(fixture);
      assert.equal(rights.problem, undefined);
      await connect();
      assert.deepEqual([rights.problem, fixture.logged], [undefined, []]);
    }),
  );

  it(
    'that are missing are told once, keep it from being ready, and are found when they are there',
    withHub(async (fixture) => {
      const { rights, missing, connect } = rightsOf(fixture);
      missing.add('home tokenreviews').add('home subjectaccessreviews');
      await connect();
      const what = 'tokenreviews.authentication.k8s.io and subjectaccessreviews.authorization.k8s.io';
      assert.equal(rights.problem, `the hub may not create ${what}`);
      await fixture.clock.advance(180_000);
      assert.deepEqual(fixture.logged, [
        `[home] the hub may not create ${what}, so that nobody can be told apart: give its user a role that may (docs/hub-server.md)`,
      ]);
      missing.clear();
      await fixture.clock.advance(60_000);
      assert.equal(rights.problem, undefined);
    }),
  );

  it(
    'to review access may be missing in one cluster, which then shows nothing, and not in all',
    withHub(async (fixture) => {
      const { rights, missing, connect } = rightsOf(fixture, { reviewsTokens: false });
      missing.add('away subjectaccessreviews').add('home tokenreviews');
      await connect();
      assert.equal(rights.problem, undefined);
      assert.equal(fixture.logged.length, 1);
      missing.add('home subjectaccessreviews');
      await fixture.clock.advance(60_000);
      assert.equal(rights.problem, 'the hub may not create subjectaccessreviews.authorization.k8s.io');
    }),
  );

  it(
    'are not known where the cluster does not say',
    withHub(async (fixture) => {
      const { rights, missing, connect } = rightsOf(fixture);
      missing.add('home *').add('away *');
      await connect();
      assert.deepEqual([rights.problem, fixture.logged], [undefined, []]);
      missing.clear();
      missing.add('home tokenreviews');
      await fixture.clock.advance(5_000);
      assert.match(rights.problem ?? '', /tokenreviews/);
    }),
  );
});
