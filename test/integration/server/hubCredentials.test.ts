import assert from 'node:assert/strict';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';
import { namesOf, recordOf } from './hubAnswers';
import { HubRealm } from './hubRealm';

const soon = { deadlineMs: 30_000, pollMs: 50 };

describe('who is let into a hub, on a real API server', function () {
  this.timeout(120_000);
  let realm: HubRealm;

  before(async function () {
    realm = await HubRealm.start(requireKubernetes(this));
  });
  after(() => realm?.stop());

  it('sends away whose ServiceAccount was deleted', async () => {
    await realm.account('leaving');
    await realm.bind('leaving', 'personas', 'leaving');
    using client = await realm.visitor({ token: await realm.tokenOf('leaving') }).greeted();
    await client.ask(1, 'clusters.list');
    await realm.removeAccount('leaving');
    assert.deepEqual(await client.closing, { code: 4401, reason: 'the token is no longer good' });
  });

  it('sends away whose token expires, at that moment, and takes a renewed one before', async () => {
    const seconds = Math.ceil(Date.now() / 1_000) + 6;
    const token = await realm.shortTokenOf('restricted', seconds);
    using client = await realm.visitor({ token }).greeted();
    using renewed = await realm.visitor({ token }).greeted();
    renewed.say({ type: 'auth', token: await realm.tokenOf('restricted') });
    await renewed.ask(1, 'clusters.list');
    assert.deepEqual(await client.closing, { code: 4401, reason: 'the token has expired' });
    assert.ok(Date.now() >= seconds * 1_000 - 50, 'it was sent away too early');
    await renewed.ask(2, 'clusters.list');
    const late = await realm.visitor({ token }).ask('/api/v1/sources');
    assert.equal(late.status, 401);
  });

  it('takes no token of another user in a session', async () => {
    using client = await realm.visitor({ token: await realm.tokenOf('restricted') }).greeted();
    client.say({ type: 'auth', token: await realm.tokenOf('admin') });
    assert.deepEqual(await client.closing, {
      code: 4403,
      reason: 'the token is of another user: connect anew',
    });
  });

  it('takes a token as the first message, or as a ticket for it, once', async () => {
    const token = await realm.tokenOf('restricted');
    using client = realm.visitor({}).open();
    assert.equal((await client.next('greeting')).auth, 'required');
    client.say({ type: 'auth', token });
    await client.greet();
    assert.deepEqual(namesOf(await client.ask(1, 'clusters.list')), ['alpha']);
    const { status, body } = await realm.visitor({ token }).ask('/api/v1/ticket', 'POST');
    assert.equal(status, 200, body);
    const { ticket }: { ticket: string } = JSON.parse(body);
    for (const [round, auth] of ['ticket', 'used'].entries()) {
      using page = realm.visitor({}).open();
      await page.next('greeting');
      page.say({ type: 'auth', token: ticket });
      if (auth === 'ticket') {
        await page.greet();
        assert.deepEqual(namesOf(await page.ask(1, 'clusters.list')), ['alpha']);
      } else {
        assert.equal((await page.closing).code, 4401, `round ${round}`);
      }
    }
  });

  it('takes no token that was made for anything else, unless it is told to', async () => {
    const forApiServer = await realm.apiServerTokenOf('restricted');
    for (const token of [
      forApiServer,
      await realm.tokenOf('restricted', 'something-else'),
      realm.cluster.credentials.adminToken,
    ]) {
      const { status, body } = await realm.visitor({ token }).ask('/api/v1/sources');
      assert.equal(status, 401, body);
      using client = realm.visitor({}).open();
      await client.next('greeting');
      client.say({ type: 'auth', token });
      assert.deepEqual(await client.closing, { code: 4401, reason: 'the token is not known' });
    }
    const lenient = await realm.startHub('hub', '--allow-api-server-tokens');
    try {
      for (const [token, expected] of [
        [forApiServer, 200],
        [await realm.tokenOf('restricted'), 200],
        [realm.cluster.credentials.adminToken, 200],
        [await realm.tokenOf('restricted', 'something-else'), 401],
      ] as const) {
        const isAnswered = async () =>
          (await realm.visitor({ token }, lenient.port).ask('/api/v1/sources')).status;
        await until('it is answered as it should be', async () => (await isAnswered()) === expected, soon);
      }
      assert.match(lenient.log(), /Tokens for API servers are taken/);
    } finally {
      await lenient.stop();
    }
  });

  it('believes no header in which somebody says who they are', async () => {
    const headers = {
      'x-remote-user': 'admin',
      'x-remote-group': 'system:masters',
      'x-forwarded-user': 'admin',
      'impersonate-user': 'admin',
      'impersonate-group': 'system:masters',
    };
    assert.equal((await realm.visitor({ headers }).ask('/api/v1/sources')).status, 401);
    for (const shown of [
      { token: await realm.tokenOf('none') },
      { certificate: realm.certificateOf('none') },
    ]) {
      const [status] = await realm.visitor({ ...shown, headers }).sources();
      assert.equal(status?.state.type, 'forbidden');
    }
  });

  it('knows the groups of a certificate', async () => {
    const somebody = realm.visitor({ certificate: realm.certificateOf('somebody', ['system:masters']) });
    assert.equal((await somebody.sources())[0]?.state.type, 'live');
    assert.equal((await somebody.ask('/metrics')).status, 200);
  });

  it('believes no certificate of another authority, on any face', async () => {
    const certificate = new CertificateAuthority('strangers').client('admin', ['system:masters']);
    const stranger = realm.visitor({ certificate });
    assert.equal((await stranger.ask('/api/v1/sources')).status, 401);
    for (const path of ['/api/v1/ws', '/ws']) {
      using client = stranger.open(path);
      assert.equal(await client.opened(), 401);
    }
    assert.equal((await stranger.ask('/healthz')).status, 200);
  });

  it('says at its start and to whoever asks whether it is ready that it may not review', async () => {
    await realm.account('hub-without');
    await realm.bind('hub-without', 'personas', 'hub-without');
    const without = await realm.startHub('hub-without');
    try {
      const somebody = realm.visitor({ token: await realm.tokenOf('admin') }, without.port);
      const what = 'tokenreviews.authentication.k8s.io and subjectaccessreviews.authorization.k8s.io';
      const answer = await until(
        'it says why it is not ready',
        async () => {
          const readiness = await realm.visitor({}, without.port).ask('/readyz');
          return readiness.body.includes('the hub may not create') && readiness;
        },
        soon,
      );
      assert.equal(answer.status, 503);
      assert.ok(answer.body.includes(what), answer.body);
      assert.ok(without.log().includes(`[real] the hub may not create ${what}`), without.log());
      const refused = await somebody.ask('/api/v1/sources');
      assert.equal(refused.status, 503);
      assert.match(refused.body, /the hub may not ask its cluster who may do what/);
      await realm.bind('hub-without-more', 'clusterpersona-hub', 'hub-without');
      await until('it is let in', async () => (await somebody.ask('/api/v1/sources')).status === 200, soon);
    } finally {
      await without.stop();
    }
  });

  it('keeps who is there while the API server is gone, and lets nobody new in, who may come again', async () => {
    const token = await realm.tokenOf('restricted');
    using client = await realm.visitor({ token }).greeted();
    await client.ask(1, 'clusters.list');
    await realm.cluster.apiServer.kill();
    await until(
      'nobody new is let in',
      async () => (await realm.visitor({ token: `${token}x` }).ask('/api/v1/sources')).status === 503,
      soon,
    );
    using late = realm.visitor({}).open();
    await late.next('greeting');
    late.say({ type: 'auth', token: `${token}y` });
    assert.equal((await late.closing).code, 4503);
    // Longer than an answer counts.
    await until(
      'the source is stale',
      async () => {
        const { sources } = recordOf(await client.ask(2, 'sources.list'));
        return (
          Array.isArray(sources) &&
          /^(?:stale|reconnecting)$/.test(String(recordOf(recordOf(sources[0]).state).type))
        );
      },
      soon,
    );
    assert.deepEqual(namesOf(await client.ask(3, 'clusters.list')), ['alpha']);
    await realm.cluster.apiServer.start();
    await until(
      'somebody new is let in',
      async () => (await realm.visitor({ token }).ask('/api/v1/sources')).status === 200,
      soon,
    );
    assert.deepEqual(namesOf(await client.ask(4, 'clusters.list')), ['alpha']);
  });

  it('logs no token', () => {
    assert.doesNotMatch(realm.hub.log(), /eyJ/);
  });
});
