import assert from 'node:assert/strict';
import { KubeTransportError, type KubeFetch, type KubeResponse } from '../../../src/base/kubeFetch';
import { apiChecks } from '../../../src/doctor/apiChecks';
import type { CheckId, CheckResult } from '../../../src/doctor/diagnosis';
import { examine } from '../../../src/doctor/examine';
import { insideEditorChecks } from '../../../src/doctor/insideEditor';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { checkInShort } from '../../support/checkInShort';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedBody } from '../kube/scriptedKube';

interface Answer {
  readonly status?: number;
  readonly body: string | ScriptedBody;
  readonly headers?: Readonly<Record<string, string>>;
}

const status = (code: number, reason: string): Answer => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', code, reason, message: `${reason}!` }),
});
const notServed: Answer = { status: 404, body: '404 page not found\n' };

/** A server on which everything is well; what a test gives by path or permission is answered instead. */
class WellServer {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  readonly denied = new Set<string>();
  answers: Partial<Record<'/version' | 'discovery' | 'list' | 'watch' | 'self' | 'review', Answer | Error>> =
    {};

  readonly fetch: KubeFetch = (path, request) => {
    this.asked.push(path);
    const answer = this.#answerTo(path, request?.body?.toString() ?? '');
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    const { body, headers = {} } = answer;
    const stream = typeof body === 'string' ? new ScriptedBody().write(body).end() : body;
    if (body instanceof ScriptedBody) {
      request?.signal?.addEventListener('abort', () => body.fail(new Error('aborted')));
    }
    const response: KubeResponse = {
      status: answer.status ?? 200,
      header: (name) => headers[name.toLowerCase()],
      body: stream,
    };
    return Promise.resolve(response);
  };

  #answerTo(path: string, body: string): Answer | Error {
    const { answers } = this;
    if (path === '/version') {
      return (
        answers['/version'] ?? {
          body: '{"gitVersion":"v1.36.3","platform":"linux/amd64"}',
          headers: { date: new Date(this.clock.now()).toUTCString() },
        }
      );
    }
    if (path === '/apis/dorgu.io/v1') {
      return answers.discovery ?? { body: resources('get', 'list', 'watch', 'patch') };
    }
    if (path.includes('watch=1')) {
      return answers.watch ?? { body: '' };
    }
    if (path.startsWith('/apis/dorgu.io/v1/clusterpersonas?')) {
      return answers.list ?? { body: list(1) };
    }
    if (path.endsWith('/selfsubjectreviews')) {
      return (
        answers.self ?? {
          status: 201,
          body: '{"status":{"userInfo":{"username":"jane","groups":["dev","system:authenticated"]}}}',
        }
      );
    }
    const { spec }: { spec: { resourceAttributes: Record<string, string> } } = JSON.parse(body);
    const { verb = '', resource = '', subresource } = spec.resourceAttributes;
    const name = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    return (
      answers.review ?? { status: 201, body: JSON.stringify({ status: { allowed: !this.denied.has(name) } }) }
    );
  }

  async diagnose(refreshCredentials?: () => Promise<void>): Promise<ReadonlyMap<CheckId, CheckResult>> {
    const { fetch, clock } = this;
    const options = { fetch, clock, ...(refreshCredentials === undefined ? {} : { refreshCredentials }) };
    const over = new AbortController();
    const pending = examine({
      checks: [...insideEditorChecks(), ...apiChecks(options)],
      clock,
      signal: new AbortController().signal,
    }).finally(() => over.abort());
    while (!over.signal.aborted) {
      // A long list gives way to the event loop, by the clock.
      await clock.advance(0);
    }
    const results = await pending;
    return new Map(results.map((result) => [result.id, result]));
  }
}

function resources(...verbs: string[]): string {
  return JSON.stringify({ kind: 'APIResourceList', resources: [{ name: 'clusterpersonas', verbs }] });
}
function list(items: number, remaining?: number): string {
  const metadata = {
    resourceVersion: '7',
    ...(remaining === undefined ? {} : { continue: 'more', remainingItemCount: remaining }),
  };
  return JSON.stringify({
    kind: 'ClusterPersonaList',
    apiVersion: 'dorgu.io/v1',
    metadata,
    items: Array.from({ length: items }, (_, index) => ({ metadata: { name: `p${index}` } })),
  });
}
describe('the checks of an API server', () => {
  let server: WellServer;
  beforeEach(() => {
    server = new WellServer();
  });

  it('pass where everything is well, and tell what they saw', async () => {
    const results = await server.diagnose();
    for (const id of ['version', 'clock', 'identity', 'discovery', 'list', 'watch', 'access'] as const) {
      assert.equal(checkInShort(results.get(id)), 'passed', id);
    }
    assert.deepEqual(results.get('version')?.details, ['Kubernetes v1.36.3, linux/amd64']);
    assert.deepEqual(results.get('identity')?.details, ['User jane', 'Groups dev, system:authenticated']);
    assert.deepEqual(results.get('list')?.details, ['ClusterPersonas: 1', 'resourceVersion 7']);
    assert.ok(server.asked.some((path) => /watch=1.*resourceVersion=7&timeoutSeconds=2/.test(path)));
    assert.equal(results.get('access')?.details.length, 6);
    assert.equal(checkInShort(results.get('tls')), 'skipped insideEditor');
    assert.equal(server.clock.pendingTimers, 0);
  });

  it('pass on the demo cluster, which does not tell its time', async () => {
    const clock = new FakeClock();
    const demo = createDemoCluster({ clock, seed: 1 });
    const pending = examine({
      checks: apiChecks({ fetch: demo.fetch, clock }),
      clock,
      signal: new AbortController().signal,
    });
    await clock.advance(5_000);
    const results = await pending;
    assert.deepEqual(
      results
        .filter(({ outcome }) => outcome !== 'passed')
        .map((result) => `${result.id} ${checkInShort(result)}`),
      ['clock skipped noDate'],
    );
    assert.equal(demo.openBodyCount, 0);
    demo.dispose();
  });

  describe('version', () => {
    it('believes a 401 only after the credentials were made anew', async () => {
      let refreshed = 0;
      const { fetch } = server;
      server.answers['/version'] = status(401, 'Unauthorized');
      const results = await server.diagnose(() => {
        refreshed += 1;
        delete server.answers['/version'];
        return Promise.resolve();
      });
      assert.equal(fetch, server.fetch);
      assert.equal(refreshed, 1);
      assert.equal(checkInShort(results.get('version')), 'passed');
      assert.match(results.get('version')?.details[0] ?? '', /made anew/);
    });

    it('fails on a 401 that stays, and what builds on it is skipped', async () => {
      server.answers['/version'] = {
        ...status(401, 'Unauthorized'),
        headers: { date: 'Thu, 01 Jan 2026 01:00:00 GMT' },
      };
      const results = await server.diagnose(() => Promise.resolve());
      assert.equal(checkInShort(results.get('version')), 'failed unauthorized');
      for (const id of ['identity', 'discovery', 'list', 'watch', 'access'] as const) {
        assert.equal(checkInShort(results.get(id)), 'skipped after version', id);
      }
      assert.equal(checkInShort(results.get('clock')), 'warning clocksDiffer');
    });

    it('fails where the credentials cannot be made anew', async () => {
      server.answers['/version'] = status(401, 'Unauthorized');
      const results = await server.diagnose(() =>
        Promise.reject(new KubeTransportError('credentials', 'the program failed')),
      );
      assert.equal(checkInShort(results.get('version')), 'failed credentials');
    });

    it('only warns where it is forbidden', async () => {
      server.answers['/version'] = status(403, 'Forbidden');
      const results = await server.diagnose();
      assert.equal(checkInShort(results.get('version')), 'warning notTold');
      assert.equal(checkInShort(results.get('list')), 'passed');
    });

    it('fails on what is no Kubernetes, on a failing server, and without an answer', async () => {
      server.answers['/version'] = { body: '<html>sign in</html>' };
      assert.equal(checkInShort((await server.diagnose()).get('version')), 'failed malformed');
      server.answers['/version'] = status(503, 'ServiceUnavailable');
      assert.equal(checkInShort((await server.diagnose()).get('version')), 'failed serverError');
      server.answers['/version'] = new KubeTransportError('closed', 'cut');
      const results = await server.diagnose();
      assert.equal(checkInShort(results.get('version')), 'failed closed');
      assert.equal(checkInShort(results.get('clock')), 'skipped after version');
    });
  });

  describe('clock', () => {
    for (const [aheadMs, expected] of [
      [0, 'passed'],
      [29_000, 'passed'],
      [-29_000, 'passed'],
      [40_000, 'warning clocksDiffer 40'],
      [-40_000, 'warning clocksDiffer -39'],
      [3_600_000, 'warning clocksDiffer 3600'],
    ] as const) {
      it(`says ${expected} of a server that is ${aheadMs / 1000} s ahead`, async () => {
        server.answers['/version'] = {
          body: '{"gitVersion":"v1.36.3"}',
          headers: { date: new Date(server.clock.now() + aheadMs).toUTCString() },
        };
        const result = (await server.diagnose()).get('clock');
        const seconds =
          result?.outcome === 'warning' && result.concern.type === 'clocksDiffer'
            ? ` ${result.concern.seconds}`
            : '';
        assert.equal(`${checkInShort(result)}${seconds}`, expected);
      });
    }

    it('is skipped without a date', async () => {
      server.answers['/version'] = { body: '{"gitVersion":"v1.36.3"}' };
      assert.equal(checkInShort((await server.diagnose()).get('clock')), 'skipped noDate');
    });
  });

  describe('identity', () => {
    for (const [answer, expected] of [
      [notServed, 'skipped notServed'],
      [status(404, 'NotFound'), 'skipped notServed'],
      [status(403, 'Forbidden'), 'warning notTold'],
      [status(500, 'InternalError'), 'failed serverError'],
      [{ status: 201, body: '{}' }, 'failed malformed'],
      [{ status: 201, body: 'x' }, 'failed malformed'],
    ] as const) {
      it(`is ${expected} on HTTP ${answer.status}`, async () => {
        server.answers.self = answer;
        const results = await server.diagnose();
        assert.equal(checkInShort(results.get('identity')), expected);
        assert.equal(checkInShort(results.get('watch')), 'passed');
      });
    }
  });

  describe('discovery', () => {
    for (const [answer, expected, afterwards] of [
      [notServed, 'failed notInstalled', 'skipped after discovery'],
      [{ body: '{"resources":[]}' }, 'failed notInstalled', 'skipped after discovery'],
      [{ body: 'x' }, 'failed malformed', 'skipped after discovery'],
      [status(403, 'Forbidden'), 'warning notTold', 'passed'],
      [{ body: resources('get', 'list') }, 'warning verbsMissing', 'passed'],
    ] as const) {
      it(`is ${expected}, and the list ${afterwards}`, async () => {
        server.answers.discovery = answer;
        const results = await server.diagnose();
        assert.equal(checkInShort(results.get('discovery')), expected);
        assert.equal(checkInShort(results.get('list')), afterwards);
        assert.equal(checkInShort(results.get('access')), 'passed');
      });
    }
  });

  describe('list', () => {
    for (const [answer, expected] of [
      [status(403, 'Forbidden'), 'failed forbidden'],
      [status(404, 'NotFound'), 'failed notInstalled'],
      [{ body: '{"items":' }, 'failed malformed'],
      [status(429, 'TooManyRequests'), 'failed throttled'],
    ] as const) {
      it(`is ${expected}, and the watch skipped`, async () => {
        server.answers.list = answer;
        const results = await server.diagnose();
        assert.equal(checkInShort(results.get('list')), expected);
        assert.equal(checkInShort(results.get('watch')), 'skipped after list');
        assert.equal(checkInShort(results.get('access')), 'passed');
      });
    }

    it('counts what the server counts', async () => {
      server.answers.list = { body: list(1, 41) };
      assert.equal((await server.diagnose()).get('list')?.details[0], 'ClusterPersonas: 42');
    });
  });

  describe('watch', () => {
    it('is content with the first event or bookmark, and lets the rest go', async () => {
      for (const line of [
        '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"8"}}}\n',
        '{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"8"}}}\n',
      ]) {
        server.answers.watch = { body: new ScriptedBody().write(line) };
        const result = (await server.diagnose()).get('watch');
        assert.equal(checkInShort(result), 'passed');
        assert.match(result?.details[1] ?? '', /^First (?:bookmark|event) after/);
      }
    });

    for (const [what, answer, expected] of [
      [
        'an error that comes in the stream',
        { body: '{"type":"ERROR","object":{"kind":"Status","code":410}}\n' },
        'failed expired',
      ],
      ['a refusal', status(403, 'Forbidden'), 'failed forbidden'],
      ['a line that is no event', { body: 'x\n' }, 'failed malformed'],
      ['a cut in the middle of a line', { body: '{"type":' }, 'failed closed'],
    ] as const) {
      it(`is ${expected} on ${what}`, async () => {
        server.answers.watch = answer;
        assert.equal(checkInShort((await server.diagnose()).get('watch')), expected);
      });
    }

    it('says that the stream is held back when nothing arrives in time', async () => {
      server.answers.watch = { body: new ScriptedBody() };
      const pending = server.diagnose();
      await server.clock.advance(8_000);
      const results = await pending;
      assert.equal(checkInShort(results.get('watch')), 'failed unreachable watchHeldBack');
      assert.equal(checkInShort(results.get('access')), 'passed');
      assert.equal(server.clock.pendingTimers, 0);
    });
  });

  describe('access', () => {
    it('fails without list or watch, and names what to ask for', async () => {
      server.denied.add('watch clusterpersonas').add('get pods/log');
      const result = (await server.diagnose()).get('access');
      assert.equal(checkInShort(result), 'failed forbidden personasNotAllowed');
      assert.match(JSON.stringify(result), /"permissions":\["watch clusterpersonas\.dorgu\.io"\]/);
      assert.ok(result?.details.includes('get pods/log: no'));
    });

    it('warns without what logs need, and says nothing of what is only nice to have', async () => {
      server.denied.add('list pods').add('patch clusterpersonas');
      assert.equal(checkInShort((await server.diagnose()).get('access')), 'warning logsNotAllowed');
      server.denied.delete('list pods');
      assert.equal(checkInShort((await server.diagnose()).get('access')), 'passed');
    });

    it('warns where reviews are not served or not allowed, and fails where they fail', async () => {
      server.answers.review = notServed;
      assert.equal(checkInShort((await server.diagnose()).get('access')), 'warning notTold');
      server.answers.review = status(403, 'Forbidden');
      assert.equal(checkInShort((await server.diagnose()).get('access')), 'warning notTold');
      server.answers.review = { status: 201, body: '{}' };
      assert.equal(checkInShort((await server.diagnose()).get('access')), 'failed malformed');
    });
  });
});
