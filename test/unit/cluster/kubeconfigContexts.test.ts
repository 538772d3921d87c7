import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { readKubeconfigs, type KubeconfigContext } from '../../../src/cluster/kubeconfigContexts';
import { defaultKubeconfigList } from '../../../src/cluster/defaultKubeconfigList';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';

const TWO_CONTEXTS = `
apiVersion: v1
kind: Config
current-context: prod
contexts:
- name: dev
  context: {cluster: dev-cluster, user: dev-user, namespace: team-a}
- name: prod
  context:
    cluster: prod-cluster
    user: prod-user
clusters:
- name: dev-cluster
  cluster: {server: "https://dev.example:6443/"}
- name: prod-cluster
  cluster: {server: "https://rancher.example/k8s/clusters/c-1/"}
users:
- name: dev-user
  user: {token: SECRET}
- name: prod-user
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      args: [eks, get-token, --cluster, prod]
`;

/** A kubeconfig of one context \`c\` whose parts are replaced at will. */
const kubeconfig = (cluster: unknown, user: unknown, context: object = {}): string =>
  JSON.stringify({
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', ...context } }],
    clusters: [{ name: 'k', cluster }],
    users: [{ name: 'u', user }],
  });
const server = { server: 'https://k.example' };

describe('reading kubeconfigs', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = temporaryFolder('kubeconfigs');
  });
  afterEach(() => folder.remove());

  const write = (name: string, content: string | Buffer): string => {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  async function only(content: string): Promise<KubeconfigContext> {
    const { contexts } = await readKubeconfigs([write('config', content)]);
    assert.equal(contexts.length, 1);
    const [context] = contexts;
    assert.ok(context);
    return context;
  }
  async function problemOf(content: string | Buffer) {
    const { contexts, problems } = await readKubeconfigs([write('config', content)]);
    assert.deepEqual(contexts, []);
    assert.equal(problems.length, 1);
    return problems[0];
  }

  it('lists every context with its server, namespace, plugin and whether it is the current one', async () => {
    const file = write('config', TWO_CONTEXTS);
    const { contexts, problems, files } = await readKubeconfigs([file]);
    assert.deepEqual(problems, []);
    assert.deepEqual(files, [file]);
    assert.deepEqual(
      contexts.map((context) => ({ ...context, source: undefined })),
      [
        {
          source: undefined,
          path: file,
          context: 'dev',
          cluster: 'dev-cluster',
          namespace: 'team-a',
          isCurrent: false,
          server: 'https://dev.example:6443',
        },
        {
          source: undefined,
          path: file,
          context: 'prod',
          cluster: 'prod-cluster',
          isCurrent: true,
          server: 'https://rancher.example/k8s/clusters/c-1',
          execCommand: 'aws',
        },
      ],
    );
  });

  it('gives each context of each file an id of its own that stays', async () => {
    const files = [write('a', TWO_CONTEXTS), write('b', TWO_CONTEXTS)];
    const [first, second] = [await readKubeconfigs(files), await readKubeconfigs(files)];
    const ids = first.contexts.map(({ source }) => source);
    assert.equal(new Set(ids).size, 4);
    ids.forEach((id) => assert.match(id, /^[0-9a-f]{12}$/));
    assert.deepEqual(
      second.contexts.map(({ source }) => source),
      ids,
    );
  });

  it('keeps secrets out of what it returns', async () => {
    const reading = await readKubeconfigs([
      write('a', TWO_CONTEXTS),
      write('b', 'users:\n- name: u\n  user: {token: *SECRET'),
      write('c', kubeconfig(server, { token: ['SECRET'] })),
    ]);
    assert.equal(reading.problems.length, 1);
    assert.equal(reading.contexts.length, 3);
    assert.doesNotMatch(JSON.stringify(reading), /SECRET/);
  });

  describe('from several files', () => {
    const shared = 'clusters: [{name: k, cluster: {server: "https://first.example"}}]\ncurrent-context: c';
    const using =
      'current-context: other\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, cluster: {server: "https://second.example"}}]';

    it('merges those of one list as kubectl does: the first definition of a name wins', async () => {
      const paths = [write('a', shared), write('b', using)];
      const { contexts } = await readKubeconfigs([{ paths, isExplicit: true }]);
      assert.equal(contexts.length, 1);
      assert.equal(contexts[0]?.server, 'https://first.example');
      assert.equal(contexts[0]?.path, paths[1]);
      assert.deepEqual(contexts[0]?.mergedPaths, paths);
      assert.equal(contexts[0]?.isCurrent, true);
    });

    it('lets separate files lend each other nothing', async () => {
      const paths = [write('a', shared), write('b', 'contexts: [{name: c, context: {cluster: k}}]')];
      const { contexts } = await readKubeconfigs(paths);
      assert.equal(contexts.length, 1);
      assert.equal(contexts[0]?.problem?.code, 'kubeconfig');
      assert.match(contexts[0]?.problem?.detail ?? '', /cluster "k" is not defined/);
    });

    it('reads a file that is named twice once', async () => {
      const file = write('a', TWO_CONTEXTS);
      const { contexts, files } = await readKubeconfigs([{ paths: [file, file], isExplicit: true }, file]);
      assert.equal(contexts.length, 2);
      assert.deepEqual(files, [file]);
    });

    it('reads on when one of them is broken', async () => {
      const files = [write('a', 'a: ['), path.join(folder.path, 'gone'), write('b', TWO_CONTEXTS)];
      const reading = await readKubeconfigs(files);
      assert.deepEqual(
        reading.problems.map(({ reason }) => reason),
        ['malformed', 'missing'],
      );
      assert.equal(reading.contexts.length, 2);
      assert.deepEqual(reading.files, files);
    });
  });

  describe('that are not usable', () => {
    it('says missing, and whether someone asked for the file', async () => {
      const file = path.join(folder.path, 'gone', 'config');
      const reading = await readKubeconfigs([file]);
      assert.deepEqual(reading.problems, [
        { path: file, reason: 'missing', detail: 'ENOENT', isExplicit: true },
      ]);
      assert.deepEqual(reading.files, [file]);
      const byDefault = await readKubeconfigs([defaultKubeconfigList({}, folder.path)]);
      assert.equal(byDefault.problems[0]?.isExplicit, false);
      assert.deepEqual(byDefault.files, [path.join(folder.path, '.kube', 'config')]);
    });

    it('says unreadable for a folder, a file without permission and a pipe nobody writes to', async () => {
      const pipe = path.join(folder.path, 'pipe');
      const makePipe = 'mkfifo';
      execFileSync(makePipe, [pipe]);
      const secret = write('secret', TWO_CONTEXTS);
      chmodSync(secret, 0);
      const files = [folder.path, pipe, ...(process.getuid?.() === 0 ? [] : [secret])];
      const { problems } = await readKubeconfigs(files);
      assert.deepEqual(
        problems.map(({ path: file, reason }) => [file, reason]),
        files.map((file) => [file, 'unreadable']),
      );
    });

    it('says empty for nothing, comments and null', async () => {
      for (const content of ['', '\n', '# nothing\n', 'null', '---\n']) {
        assert.equal((await problemOf(content))?.reason, 'empty', JSON.stringify(content));
      }
    });

    it('says where it is malformed, without a word of its content', async () => {
      assert.deepEqual(await problemOf('contexts:\n- name: a\n\ttoken: SECRET\n'), {
        path: path.join(folder.path, 'config'),
        reason: 'malformed',
        detail: 'not valid YAML at line 3, column 1',
        isExplicit: true,
      });
      assert.equal((await problemOf('just words'))?.reason, 'malformed');
      assert.equal((await problemOf('[a, b]'))?.reason, 'malformed');
      assert.equal((await problemOf('users: SECRET'))?.detail, 'users is not a list');
      assert.equal((await problemOf(Buffer.from([0, 1, 2, 0xff, 0xfe])))?.reason, 'malformed');
    });

    it('says empty of a kubeconfig that names no context', async () => {
      const file = write('config', 'apiVersion: v1\ncontexts: []\nusers:\n');
      assert.deepEqual(await readKubeconfigs([file]), {
        contexts: [],
        problems: [{ path: file, reason: 'empty', detail: 'names no context', isExplicit: true }],
        files: [file],
      });
    });

    for (const [what, content] of [
      ['deep nesting', '['.repeat(1_000_000)],
      ['millions of entries', '- a\n'.repeat(2_000_000)],
      ['a single huge text', `a: "${'x'.repeat(20_000_000)}"`],
      [
        'aliases of aliases',
        `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`).join('')}contexts: *a40`,
      ],
      ['a document of itself', '&a [*a]'],
    ] as const) {
      it(`is not held up by ${what}`, async () => {
        const started = performance.now();
        const { contexts } = await readKubeconfigs([write('config', content)]);
        assert.deepEqual(contexts, []);
        // Ample for a busy machine; without the limits these take from seconds to for ever.
        assert.ok(performance.now() - started < 2_000);
      });
    }
  });

  describe('whose contexts are not usable', () => {
    for (const [what, content, expected] of [
      ['a missing cluster', kubeconfig(server, {}, { cluster: 'other' }), /cluster "other" is not defined/],
      ['no cluster', kubeconfig(server, {}, { cluster: '' }), /names no cluster/],
      ['a missing user', kubeconfig(server, {}, { user: 'other' }), /user "other" is not defined/],
      ['no server', kubeconfig({}, {}), /no http\(s\) server address/],
      [
        'a server that is no address',
        kubeconfig({ server: 'k.example:6443' }, {}),
        /no http\(s\) server address/,
      ],
      ['a cluster of another shape', kubeconfig('SECRET', {}), /^cluster is not what/],
      [
        'a user of another shape',
        kubeconfig(server, { exec: { command: ['a'] } }),
        /^user\.exec\.command is not what/,
      ],
      ['an unknown proxy', kubeconfig({ ...server, 'proxy-url': 'ftp://p' }, {}), /proxy-url/],
      ['a plugin without a command', kubeconfig(server, { exec: { args: ['a'] } }), /names no command/],
      [
        'a plugin that needs a terminal',
        kubeconfig(server, { exec: { command: 'a', interactiveMode: 'Always' } }),
        /terminal/,
      ],
      [
        'an unknown auth-provider',
        kubeconfig(server, { 'auth-provider': { name: 'openstack' } }),
        /"openstack" is not supported/,
      ],
      [
        'groups to impersonate without a user',
        kubeconfig(server, { 'as-groups': ['g'] }),
        /without naming whom/,
      ],
    ] as const) {
      it(`says so for ${what}`, async () => {
        const context = await only(content);
        assert.equal(context.problem?.code, 'kubeconfig');
        assert.match(context.problem.detail, expected);
        assert.doesNotMatch(JSON.stringify(context), /SECRET/);
      });
    }

    it('takes a context without a user, a user without content, and nulls for absent fields', async () => {
      for (const content of [
        kubeconfig(server, {}, { user: undefined }),
        kubeconfig(server, null),
        kubeconfig(
          { ...server, 'proxy-url': null, 'tls-server-name': '' },
          { exec: null, 'as-groups': null, token: null },
        ),
      ]) {
        assert.equal((await only(content)).problem, undefined);
      }
    });

    it('names no plugin where ready credentials make it idle', async () => {
      assert.equal(
        (await only(kubeconfig(server, { token: 't', exec: { command: 'a' } }))).execCommand,
        undefined,
      );
      assert.equal((await only(kubeconfig(server, { exec: { command: 'a' } }))).execCommand, 'a');
    });

    it('names of a plugin the program alone: arguments and variables hold secrets', async () => {
      const exec = {
        command: '/opt/bin/kubelogin',
        args: ['--oidc-client-secret=SECRET'],
        env: [{ name: 'KEY', value: 'SECRET' }],
      };
      const context = await only(kubeconfig(server, { exec }));
      assert.equal(context.execCommand, 'kubelogin');
      assert.doesNotMatch(JSON.stringify(context), /SECRET/);
    });

    it('takes names that look like numbers, repeated keys, a byte order mark and Windows line ends', async () => {
      const text =
        '\uFEFFcurrent-context: 7\r\ncontexts:\r\n- name: 7\r\n  name: 7\r\n  context: {cluster: 1, user: true}\r\nclusters: [{name: 1, cluster: {server: "https://k"}}]\r\nusers: [{name: true}]\r\n';
      const context = await only(text);
      assert.equal(context.problem, undefined);
      assert.equal(context.context, '7');
      assert.equal(context.isCurrent, true);
    });
  });

  it('finds the default files in $KUBECONFIG, else in the home folder', () => {
    const list = ['/a', '', '/b'].join(path.delimiter);
    assert.deepEqual(defaultKubeconfigList({ KUBECONFIG: list }, '/home/u').paths, ['/a', '/b']);
    assert.deepEqual(defaultKubeconfigList({ KUBECONFIG: '' }, '/home/u').paths, [
      path.join('/home/u', '.kube', 'config'),
    ]);
    assert.deepEqual(defaultKubeconfigList({}, '/home/u').paths, [path.join('/home/u', '.kube', 'config')]);
    assert.equal(defaultKubeconfigList({ KUBECONFIG: list }, '/home/u').isExplicit, true);
  });

  it('understands ~ as the home folder', async () => {
    write('k/config', TWO_CONTEXTS);
    const { contexts, files } = await readKubeconfigs(['~/k/config'], folder.path);
    assert.equal(contexts.length, 2);
    assert.deepEqual(files, [path.join(folder.path, 'k', 'config')]);
    const { files: others } = await readKubeconfigs(['~other/config'], folder.path);
    assert.deepEqual(others, [path.join(folder.path, '~other', 'config')]);
  });
});
