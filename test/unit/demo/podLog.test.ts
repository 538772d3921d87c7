import assert from 'node:assert/strict';
import { isKubeTransportError, type KubeFetch } from '../../../src/base/kubeFetch';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { getJson, getText, listPersonas, StreamReader, type AnyObject } from './demoReader';

const RFC3339_NANO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

function timeOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

describe('the demo cluster', () => {
  trackLeaks();

  describe('has pods and logs that', () => {
    let clock: FakeClock;
    let demo: DemoCluster;
    let fetch: KubeFetch;

    beforeEach(() => {
      clock = new FakeClock();
      demo = createDemoCluster({ clock, seed: 1 });
      fetch = demo.fetch;
    });

    afterEach(() => {
      demo.dispose();
      assert.equal(clock.pendingTimers, 0);
      assert.equal(demo.openBodyCount, 0);
    });

    async function pod(namespace: string, start: string): Promise<AnyObject> {
      const { items } = await getJson(fetch, `/api/v1/namespaces/${namespace}/pods`);
      const found = items.find((item) => item.metadata.name.startsWith(start));
      assert.ok(found !== undefined, `${start} in ${namespace}`);
      return found;
    }

    async function logPath(namespace: string, start: string): Promise<string> {
      return `/api/v1/namespaces/${namespace}/pods/${(await pod(namespace, start)).metadata.name}/log`;
    }

    async function lines(path: string): Promise<readonly string[]> {
      const { status, text } = await getText(fetch, path);
      assert.equal(status, 200, text);
      return text.split('\n').slice(0, -1);
    }

    it('are there for every installed add-on of every cluster', async () => {
      const personas = await listPersonas(fetch);
      const installed = personas
        .flatMap((persona) => persona.status?.addons ?? [])
        .filter((addon) => addon.installed === true);
      assert.ok(installed.length > 50);
      for (const { name, namespace } of installed) {
        const selector = encodeURIComponent(`app.kubernetes.io/name=${name}`);
        const { items } = await getJson(
          fetch,
          `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`,
        );
        assert.ok(items.length > 0, `${name} has pods in ${namespace}`);
      }
    });

    it('are of several phases, in one namespace or all', async () => {
      const { items } = await getJson(fetch, '/api/v1/pods');
      const phases = new Set(items.map((item) => Object(item['status']).phase));
      assert.deepEqual(phases, new Set(['Pending', 'Running', 'Succeeded']));
      assert.deepEqual((await getJson(fetch, '/api/v1/namespaces/nowhere/pods')).items, []);
    });

    it('can be read by every container, and none writes like another add-on', async () => {
      const { items } = await getJson(fetch, '/api/v1/pods');
      const firstWords = new Set<string>();
      for (const item of items.filter((candidate) => Object(candidate['status']).phase === 'Running')) {
        const { namespace, name } = item.metadata;
        for (const container of Object(item['spec']).containers) {
          const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?container=${container.name}&tailLines=20`;
          const read = await lines(path);
          assert.equal(read.length, 20, `${name} ${container.name}`);
          assert.ok(
            read.every((line) => !line.includes('{') || !/\{\w+\}/.test(line)),
            'no placeholder is left',
          );
          firstWords.add((read[0] ?? '').slice(0, 3));
        }
      }
      assert.ok(firstWords.size >= 6, [...firstWords].join(' | '));
    });

    it('mixes levels', async () => {
      const read = await lines(await logPath('ingress-nginx', 'ingress-nginx-controller-canary'));
      assert.ok(read.some((line) => line.includes('[error]')));
      assert.ok(read.some((line) => line.startsWith('W')));
      assert.ok(read.some((line) => / HTTP\/1\.1" 200 /.test(line)));
      assert.ok(read.some((line) => / HTTP\/1\.1" 50\d /.test(line)));
    });

    it('gives the last lines of what it gives whole', async () => {
      const path = await logPath('cert-manager', 'cert-manager');
      const whole = await lines(`${path}?timestamps=true`);
      assert.ok(whole.length > 300, `${whole.length} lines`);
      assert.deepEqual(await lines(`${path}?timestamps=true&tailLines=25`), whole.slice(-25));
      assert.deepEqual(await lines(`${path}?tailLines=0`), []);
      assert.deepEqual(
        await lines(path),
        whole.map((line) => line.slice(line.indexOf(' ') + 1)),
      );
      assert.deepEqual(await lines(`${path}?tailLines=1000000`), await lines(path));
    });

    it('puts rising times before lines where asked to', async () => {
      const read = await lines(
        `${await logPath('ingress-nginx', 'ingress-nginx-controller-')}?timestamps=1&tailLines=500`,
      );
      assert.ok(read.every((line) => RFC3339_NANO.test(line)));
      const times = read.map(timeOf);
      assert.deepEqual(times, [...times].sort());
      assert.ok(Date.parse(times.at(-1) ?? '') <= clock.now());
    });

    it('begins at a time, cut to the second as a kubelet does', async () => {
      const path = `${await logPath('argocd', 'argocd-application-controller-0')}?timestamps=1`;
      const whole = await lines(path);
      const middle = whole[Math.floor(whole.length / 2)] ?? '';
      const second = timeOf(middle).slice(0, 19);
      const since = await lines(`${path}&sinceTime=${encodeURIComponent(timeOf(middle))}`);
      assert.deepEqual(
        since,
        whole.filter((line) => line >= second),
      );
      assert.ok(since.includes(middle));
      const recent = await lines(`${path}&sinceSeconds=60`);
      assert.ok(recent.length > 0 && recent.length < whole.length);
    });

    it('follows: tail first, then each line when its time has come, none twice and none missing', async () => {
      const path = await logPath('ingress-nginx', 'ingress-nginx-controller-');
      const tail = await lines(`${path}?timestamps=1&tailLines=10`);
      const reader = new StreamReader(fetch, `${path}?timestamps=1&tailLines=10&follow=true`);
      await clock.settle();
      assert.deepEqual(reader.lines, tail);
      for (let second = 0; second < 20; second += 1) {
        await clock.advance(1000);
        assert.ok(reader.lines.every((line) => Date.parse(timeOf(line)) <= clock.now()));
      }
      assert.ok(reader.lines.length > 40, `${reader.lines.length} lines`);
      assert.equal(reader.end, undefined);
      const whole = await lines(`${path}?timestamps=1`);
      assert.deepEqual(reader.lines, whole.slice(-reader.lines.length));
    });

    it('delivers a line in the millisecond in which it is written', async () => {
      const path = await logPath('ingress-nginx', 'ingress-nginx-controller-');
      const reader = new StreamReader(fetch, `${path}?timestamps=1&tailLines=0&follow=true`);
      await clock.settle();
      const delays: number[] = [];
      while (delays.length < 10) {
        await clock.advance(clock.nextTimerInMs ?? 0);
        for (const line of reader.lines.slice(delays.length)) {
          delays.push(clock.now() - Date.parse(timeOf(line)));
        }
      }
      assert.ok(
        delays.every((delayMs) => delayMs === 0),
        delays.join(', '),
      );
    });

    it('stops following when the signal is aborted or the demo ends', async () => {
      const path = await logPath('argocd', 'argocd-server');
      const aborted = new StreamReader(fetch, `${path}?follow=true`);
      const closed = new StreamReader(fetch, `${path}?follow=true`);
      await clock.advance(5000);
      const reason = new Error('enough');
      aborted.abort(reason);
      await clock.settle();
      assert.deepEqual(aborted.end, { type: 'failed', error: reason });
      const { length } = aborted.lines;
      demo.dispose();
      await clock.advance(5000);
      assert.equal(aborted.lines.length, length);
      assert.ok(closed.end?.type === 'failed' && isKubeTransportError(closed.end.error));
    });

    it('survives a wall clock that jumps: nothing twice, nothing from the future', async () => {
      const path = await logPath('ingress-nginx', 'ingress-nginx-controller-');
      const reader = new StreamReader(fetch, `${path}?timestamps=1&tailLines=5&follow=true`);
      await clock.advance(5000);
      clock.jumpWall(-10_000);
      const { length } = reader.lines;
      await clock.advance(8000);
      assert.equal(reader.lines.length, length, 'what is written stays written');
      clock.jumpWall(60_000);
      await clock.advance(3000);
      const times = reader.lines.map(timeOf);
      assert.deepEqual(times, [...new Set(times)].sort());
      const whole = await lines(`${path}?timestamps=1`);
      assert.deepEqual(reader.lines, whole.slice(-reader.lines.length));
    });

    it('ends by itself where the container has ended', async () => {
      const reader = new StreamReader(
        fetch,
        `${await logPath('ingress-nginx', 'ingress-nginx-admission-create')}?follow=true`,
      );
      await clock.settle();
      assert.deepEqual(reader.end, { type: 'clean' });
      assert.ok(reader.lines.length > 0);
    });

    it('stops after so many bytes', async () => {
      const path = await logPath('argocd', 'argocd-server');
      assert.equal((await getText(fetch, `${path}?limitBytes=100&follow=true`)).text.length, 100);
    });

    it('is empty for a pod that no node has got yet', async () => {
      const { status, text } = await getText(fetch, await logPath('logging', 'loki-2'));
      assert.deepEqual([status, text], [200, '']);
    });

    it('says why a log cannot be had', async () => {
      const refused = async (path: string, status: number, message: RegExp) => {
        const answer = await getText(fetch, path);
        assert.equal(answer.status, status, path);
        assert.match(JSON.parse(answer.text).message, message);
      };
      const prometheus = await logPath('monitoring', 'prometheus-k8s-0');
      await refused(prometheus, 400, /container name must be specified .*\[prometheus config-reloader\]/);
      await refused(`${prometheus}?container=nginx`, 400, /container nginx is not valid/);
      await refused(`${prometheus}?container=prometheus&previous=true`, 400, /previous terminated container/);
      await refused(`${prometheus}?container=prometheus&tailLines=-3`, 422, /tailLines/);
      await refused(`${prometheus}?container=prometheus&sinceTime=noon`, 400, /sinceTime/);
      await refused('/api/v1/namespaces/argocd/pods/none/log', 404, /pods "none" not found/);
    });
  });
});
