import assert from 'node:assert/strict';
import { isKubeTransportError, type KubeFetch } from '../../../src/base/kubeFetch';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { getJson, getText, listPersonas, PERSONAS_PATH, StreamReader, type AnyObject } from './demoReader';

describe('the demo cluster', () => {
  trackLeaks();

  describe('as an API server', () => {
    let clock: FakeClock;
    let demo: DemoCluster;
    let fetch: KubeFetch;

    beforeEach(() => {
      clock = new FakeClock();
      demo = createDemoCluster({ clock, seed: 1, historyLimit: 30 });
      fetch = demo.fetch;
    });

    afterEach(() => {
      demo.dispose();
      assert.equal(clock.pendingTimers, 0, 'no timer outlives the demo');
      assert.equal(demo.openBodyCount, 0, 'no answer outlives the demo');
    });

    describe('list', () => {
      it('has kind, version and a resourceVersion of its own', async () => {
        const list = await getJson(fetch, PERSONAS_PATH);
        assert.equal(list.kind, 'ClusterPersonaList');
        assert.equal(list['apiVersion'], 'dorgu.io/v1');
        assert.equal(list.items.length, 12);
        const newest = Math.max(...list.items.map((item) => Number(item.metadata.resourceVersion)));
        assert.ok(Number(list.metadata.resourceVersion) >= newest);
        assert.equal(list.metadata.continue, '');
      });

      it('comes in pages that together are the whole, though the fleet changes meanwhile', async () => {
        const whole = await getJson(fetch, PERSONAS_PATH);
        demo.start();
        const pages: AnyObject[] = [];
        let token: string | undefined = '';
        while (token !== undefined && (pages.length === 0 || token !== '')) {
          const page = await getJson(fetch, `${PERSONAS_PATH}?limit=5&continue=${encodeURIComponent(token)}`);
          pages.push(page);
          token = page.metadata.continue;
          await clock.advance(3000);
        }
        assert.deepEqual(
          pages.map((page) => [page.items.length, page.metadata.remainingItemCount]),
          [
            [5, 7],
            [5, 2],
            [2, undefined],
          ],
        );
        assert.deepEqual(
          pages.flatMap((page) => page.items),
          whole.items,
        );
        assert.ok(pages.every((page) => page.metadata.resourceVersion === whole.metadata.resourceVersion));
      });

      it('refuses to continue a list that its history has forgotten', async () => {
        const page = await getJson(fetch, `${PERSONAS_PATH}?limit=5`);
        demo.start();
        await clock.advance(300_000);
        const { status, text } = await getText(
          fetch,
          `${PERSONAS_PATH}?limit=5&continue=${encodeURIComponent(page.metadata.continue ?? '')}`,
        );
        assert.equal(status, 410);
        assert.equal(JSON.parse(text).reason, 'Expired');
      });

      it('does not continue a list of the future', async () => {
        const token = btoa('{"v":"meta.k8s.io/v1","rv":99999999,"start":"/a\\u0000"}');
        const { status, text } = await getText(
          fetch,
          `${PERSONAS_PATH}?continue=${token.replaceAll('=', '')}`,
        );
        assert.equal(status, 504);
        assert.match(text, /ResourceVersionTooLarge/);
      });

      it('lists the past where asked for exactly that, and refuses the future', async () => {
        const { metadata, items } = await getJson(fetch, PERSONAS_PATH);
        demo.start();
        await clock.advance(20_000);
        const now = await getJson(fetch, PERSONAS_PATH);
        assert.notDeepEqual(now.items, items);
        const exact = `resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
        assert.deepEqual((await getJson(fetch, `${PERSONAS_PATH}?${exact}`)).items, items);
        const future = await getText(fetch, `${PERSONAS_PATH}?resourceVersion=99999999`);
        assert.equal(future.status, 504);
        assert.match(future.text, /ResourceVersionTooLarge/);
      });

      it('selects by labels and by name', async () => {
        const names = async (query: string) =>
          (await getJson(fetch, `${PERSONAS_PATH}?${query}`)).items.map((item) => item.metadata.name);
        assert.deepEqual(await names('labelSelector=site%3Dwarehouse'), ['edge-berlin', 'edge-paris']);
        assert.deepEqual(await names('fieldSelector=metadata.name%3Deu-west-1'), ['eu-west-1']);
        assert.deepEqual(
          await names(`labelSelector=${encodeURIComponent('region in (asia, mars),team!=data')}`),
          ['asia-southeast1'],
        );
        assert.deepEqual(await names(`labelSelector=${encodeURIComponent('!region')}`), ['dev-ml']);
        assert.equal((await getText(fetch, `${PERSONAS_PATH}?labelSelector=%3D%3D`)).status, 400);
        assert.equal((await getText(fetch, `${PERSONAS_PATH}?fieldSelector=spec.x%3D1`)).status, 400);
      });
    });

    describe('single answers', () => {
      it('gets one object as it is listed', async () => {
        const { items } = await getJson(fetch, PERSONAS_PATH);
        assert.deepEqual(
          await getJson(fetch, `${PERSONAS_PATH}/eu-west-1`),
          items.find((item) => item.metadata.name === 'eu-west-1'),
        );
      });

      it('knows the uid of kube-system, its version and its health', async () => {
        const namespace = await getJson(fetch, '/api/v1/namespaces/kube-system');
        assert.match(
          namespace.metadata.uid,
          /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        );
        assert.match(String((await getJson(fetch, '/version'))['gitVersion']), /^v1\.\d+/);
        assert.equal((await getText(fetch, '/readyz')).text, 'ok');
      });

      it('answers what is not there with a Status', async () => {
        const { status, type, text } = await getText(fetch, `${PERSONAS_PATH}/nowhere`);
        assert.equal(status, 404);
        assert.equal(type, 'application/json');
        assert.deepEqual(JSON.parse(text), {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'clusterpersonas.dorgu.io "nowhere" not found',
          reason: 'NotFound',
          details: { name: 'nowhere', group: 'dorgu.io', kind: 'clusterpersonas' },
          code: 404,
        });
      });

      it('answers paths that are no API in plain text', async () => {
        const paths = [
          '/',
          '/apis/dorgu.io/v1/others',
          '/apis/dorgu.io/v2/clusterpersonas',
          '/api/v1/pods/x',
          '/apis/dorgu.io/v1/namespaces/a/clusterpersonas',
          `${PERSONAS_PATH}/a/b/c`,
        ];
        for (const path of paths) {
          const { status, type, text } = await getText(fetch, path);
          assert.deepEqual([path, status, text], [path, 404, '404 page not found\n']);
          assert.match(type ?? '', /^text\/plain/);
        }
      });

      it('takes a slash at the end of a path for nothing, and an encoded one for a slash', async () => {
        const whole = await getText(fetch, PERSONAS_PATH);
        assert.deepEqual(await getText(fetch, `${PERSONAS_PATH}/`), whole);
        assert.deepEqual(await getText(fetch, PERSONAS_PATH.replace('/v1/', '%2Fv1%2f')), whole);
        assert.equal((await getText(fetch, '/version/')).status, 200);
      });

      it('refuses a path that is wrongly encoded, and leaves out such parameters of a query', async () => {
        for (const path of [`${PERSONAS_PATH}/%zz`, '/api/v1/namespaces/%', '/%']) {
          const { status, text } = await getText(fetch, path);
          assert.deepEqual([path, status, text], [path, 400, '400 Bad Request']);
        }
        const pods = await getJson(fetch, '/api/v1/namespaces/%ff/pods?limit=%zz&%=1&limit=1;2');
        assert.deepEqual(pods.items, []);
      });

      it('takes any flag for yes that is not 0 or false, and no number beyond 64 bits', async () => {
        assert.equal((await getJson(fetch, `${PERSONAS_PATH}?watch=False&watch=1`)).items.length, 12);
        const page = await getJson(fetch, `${PERSONAS_PATH}?limit=-3`);
        assert.equal(page.items.length, 12);
        assert.equal((await getJson(fetch, `${PERSONAS_PATH}?limit=9000000000000000000`)).items.length, 12);
        const beyond = await getText(fetch, `${PERSONAS_PATH}?limit=9300000000000000000`);
        assert.deepEqual(
          [beyond.status, JSON.parse(beyond.text).message],
          [400, 'strconv.ParseInt: parsing "9300000000000000000": value out of range'],
        );
      });

      it('lets nothing but reads at paths that are no resource', async () => {
        for (const path of ['/version', '/api', '/apis/dorgu.io/v1']) {
          assert.equal((await getText(fetch, path, { method: 'POST', body: '{}' })).status, 405, path);
        }
        assert.equal((await getText(fetch, '/nowhere', { method: 'DELETE' })).status, 404);
      });

      it('answers a review where one is created, and nowhere else', async () => {
        const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
        const body = '{"spec":{"nonResourceAttributes":{"verb":"get","path":"/version"}}}';
        assert.equal((await getText(fetch, path, { method: 'POST', body })).status, 201);
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) {
          assert.equal((await getText(fetch, path, { method, body })).status, 405, method);
        }
        assert.equal((await getText(fetch, `${path}/x`, { method: 'POST', body })).status, 404);
        assert.equal((await getText(fetch, `${path}?dryRun=Some`, { method: 'POST', body })).status, 422);
        const headers = { accept: 'text/html' };
        assert.equal((await getText(fetch, path, { method: 'POST', body, headers })).status, 406);
        const other = '{"kind":"SelfSubjectAccessReview","apiVersion":"v1","spec":{}}';
        assert.match(
          (await getText(fetch, path, { method: 'POST', body: other })).text,
          /no kind .* is registered/,
        );
      });

      it('lets the admin act as somebody else', async () => {
        const headers = { 'Impersonate-User': 'viewer' };
        assert.equal((await getText(fetch, PERSONAS_PATH, { headers })).status, 200);
        const refused = await getText(fetch, PERSONAS_PATH, { method: 'DELETE', headers });
        assert.equal(refused.status, 403);
        assert.match(refused.text, /User .+viewer.+ cannot deletecollection/);
      });

      it('refuses what it cannot do and what makes no sense', async () => {
        const post = await getText(fetch, '/api/v1/namespaces', { method: 'POST', body: '{}' });
        assert.equal(post.status, 405);
        assert.equal(JSON.parse(post.text).reason, 'MethodNotAllowed');
        for (const query of ['limit=many', 'continue=nonsense', 'resourceVersion=abc']) {
          const { status, text } = await getText(fetch, `${PERSONAS_PATH}?${query}`);
          assert.deepEqual([query, status, JSON.parse(text).reason], [query, 400, 'BadRequest']);
        }
      });

      it('rejects with the reason of a signal that is already aborted', async () => {
        const reason = new Error('not now');
        await assert.rejects(fetch(PERSONAS_PATH, { signal: AbortSignal.abort(reason) }), reason);
      });
    });

    describe('watch', () => {
      it('tells every change after a list, in the order of revisions, and nothing twice', async () => {
        const list = await getJson(fetch, PERSONAS_PATH);
        demo.start();
        await clock.advance(10_000);
        const watch = new StreamReader(
          fetch,
          `${PERSONAS_PATH}?watch=true&resourceVersion=${list.metadata.resourceVersion}`,
        );
        await clock.advance(150_000);
        const objects = new Map(list.items.map((item) => [item.metadata.name, item]));
        let last = Number(list.metadata.resourceVersion);
        for (const { type, object } of watch.events) {
          const revision = Number(object.metadata.resourceVersion);
          assert.ok(revision > last, 'revisions rise');
          last = revision;
          assert.equal(objects.has(object.metadata.name), type !== 'ADDED');
          if (type === 'DELETED') {
            objects.delete(object.metadata.name);
          } else {
            objects.set(object.metadata.name, object);
          }
        }
        const types = new Set(watch.events.map((event) => event.type));
        assert.deepEqual([...types].sort(), ['ADDED', 'DELETED', 'MODIFIED']);
        const now = await getJson(fetch, PERSONAS_PATH);
        assert.deepEqual(new Map(now.items.map((item) => [item.metadata.name, item])), objects);
        assert.equal(watch.end, undefined);
      });

      it('begins with everything where no revision is given', async () => {
        const watch = new StreamReader(fetch, `${PERSONAS_PATH}?watch=1`);
        await clock.settle();
        assert.deepEqual(new Set(watch.events.map((event) => event.type)), new Set(['ADDED']));
        assert.equal(watch.events.length, 12);
      });

      it('says that it is too old once the history has moved on', async () => {
        const list = await getJson(fetch, PERSONAS_PATH);
        demo.start();
        await clock.advance(300_000);
        const watch = new StreamReader(
          fetch,
          `${PERSONAS_PATH}?watch=true&resourceVersion=${list.metadata.resourceVersion}`,
        );
        await clock.settle();
        assert.deepEqual(
          watch.events.map(({ type, object }) => [type, object.code, object.reason]),
          [['ERROR', 410, 'Expired']],
        );
        assert.deepEqual(watch.end, { type: 'clean' });
      });

      it('sends a bookmark a minute to those who allow it', async () => {
        const { metadata } = await getJson(fetch, PERSONAS_PATH);
        const query = `watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=400`;
        const marked = new StreamReader(fetch, `${PERSONAS_PATH}?${query}&allowWatchBookmarks=true`);
        const bare = new StreamReader(fetch, `${PERSONAS_PATH}?${query}`);
        await clock.advance(59_999);
        assert.equal(marked.events.length, 0);
        await clock.advance(60_001);
        assert.deepEqual(
          marked.events.map(({ type, object }) => [type, object.kind, object.metadata.resourceVersion]),
          [
            ['BOOKMARK', 'ClusterPersona', metadata.resourceVersion],
            ['BOOKMARK', 'ClusterPersona', metadata.resourceVersion],
          ],
        );
        assert.equal(bare.events.length, 0);
      });

      it('ends cleanly when its time is over', async () => {
        const watch = new StreamReader(fetch, `${PERSONAS_PATH}?watch=true&timeoutSeconds=7`);
        await clock.advance(6999);
        assert.equal(watch.end, undefined);
        await clock.advance(1);
        assert.deepEqual(watch.end, { type: 'clean' });
        assert.equal(clock.pendingTimers, 0);
      });

      it('is silent when it waits for a revision that has not come', async () => {
        const watch = new StreamReader(
          fetch,
          `${PERSONAS_PATH}?watch=true&resourceVersion=99999999&allowWatchBookmarks=1`,
        );
        demo.start();
        await clock.advance(130_000);
        assert.deepEqual(watch.lines, []);
        assert.equal(watch.end, undefined);
      });

      it('shows only what its selector lets through', async () => {
        const { metadata } = await getJson(fetch, PERSONAS_PATH);
        demo.start();
        const watch = new StreamReader(
          fetch,
          `${PERSONAS_PATH}?watch=true&resourceVersion=${metadata.resourceVersion}&fieldSelector=metadata.name%3Deu-west-1`,
        );
        await clock.advance(60_000);
        assert.ok(watch.events.length > 2);
        assert.deepEqual(
          new Set(watch.events.map((event) => event.object.metadata.name)),
          new Set(['eu-west-1']),
        );
      });

      it('streams a list, marks its end where bookmarks are allowed, and goes on with what changes', async () => {
        const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
        const watch = new StreamReader(fetch, `${PERSONAS_PATH}?${query}&allowWatchBookmarks=true`);
        const unmarked = new StreamReader(fetch, `${PERSONAS_PATH}?${query}`);
        await clock.settle();
        assert.deepEqual(
          watch.events.map(({ type }) => type),
          [...Array.from({ length: 12 }, () => 'ADDED'), 'BOOKMARK'],
        );
        assert.equal(unmarked.events.length, 12);
        const end = watch.events.at(-1)?.object.metadata;
        assert.deepEqual(end?.['annotations'], { 'k8s.io/initial-events-end': 'true' });
        const list = await getJson(fetch, PERSONAS_PATH);
        assert.equal(end?.resourceVersion, list.metadata.resourceVersion);
        demo.start();
        await clock.advance(10_000);
        assert.ok(watch.events.length > 13);
        assert.equal(
          (await getText(fetch, `${PERSONAS_PATH}?watch=true&sendInitialEvents=true`)).status,
          422,
        );
        const future = `${PERSONAS_PATH}?${query}&resourceVersion=99999999`;
        assert.match((await getText(fetch, future)).text, /ResourceVersionTooLarge/);
      });

      it('ends with the reason of its signal, and frees what it held', async () => {
        const watch = new StreamReader(fetch, `${PERSONAS_PATH}?watch=true&allowWatchBookmarks=true`);
        await clock.settle();
        const reason = new Error('enough');
        watch.abort(reason);
        await clock.settle();
        assert.deepEqual(watch.end, { type: 'failed', error: reason });
        assert.equal(clock.pendingTimers, 0);
        assert.equal(demo.openBodyCount, 0);
      });

      it('frees what it held when its reader leaves', async () => {
        const { body } = await fetch(`${PERSONAS_PATH}?watch=true`);
        for await (const chunk of body) {
          assert.ok(chunk.byteLength > 0);
          break;
        }
        assert.equal(clock.pendingTimers, 0);
        assert.equal(demo.openBodyCount, 0);
      });
    });

    it('breaks open answers and refuses new ones when it is disposed', async () => {
      demo.start();
      const watch = new StreamReader(fetch, `${PERSONAS_PATH}?watch=true`);
      await clock.settle();
      demo.dispose();
      await clock.settle();
      assert.ok(
        watch.end?.type === 'failed' &&
          isKubeTransportError(watch.end.error) &&
          watch.end.error.code === 'closed',
      );
      await assert.rejects(
        listPersonas(fetch),
        (error) => isKubeTransportError(error) && error.code === 'closed',
      );
    });
  });
});
