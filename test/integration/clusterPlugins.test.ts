import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import * as path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { readText } from '../../src/base/readBody';
import type { ExecPluginQuestion } from '../../src/cluster/execPlugin';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { problemFromError } from '../../src/protocol/problemFromError';
import { FakeClock } from '../support/fakeClock';
import { CertificateAuthority } from '../../src/demoServer/certificateAuthority';
import { temporaryFolder, type TemporaryFolder } from '../support/testbed/temporaryFolder';
import { until } from '../support/testbed/until';
import { startStandIn, type StandIn } from './clusterHttpsServer';
import { openFile, writeTestKubeconfig, type OpenOptions } from './clusterKubeconfig';

const authority = new CertificateAuthority('plugin-test-ca');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const soon = { deadlineMs: 5_000, pollMs: 5 };

describe('credentials from a program', () => {
  let folder: TemporaryFolder;
  let standIn: StandIn;
  let connection: ClusterConnection | undefined;
  let requests: {
    readonly authorization: string | undefined;
    readonly subject: string | string[] | undefined;
  }[] = [];

  beforeEach(async () => {
    folder = temporaryFolder('plugin');
    requests = [];
    standIn = await startStandIn({
      authority,
      clientAuthority: authority.certificate,
      onRequest: (request: IncomingMessage, response) => {
        const socket = request.socket as TLSSocket;
        requests.push({
          authorization: request.headers.authorization,
          subject: socket.getPeerCertificate().subject?.CN,
        });
        response.end('{}');
      },
    });
  });

  afterEach(async () => {
    connection?.dispose();
    connection = undefined;
    await standIn.stop();
    folder.remove();
  });

  /** A plugin that counts its runs; \`body\` is JavaScript with \`run\` (from 1) and \`fs\`. */
  function plugin(body: string, name = 'plugin'): string {
    const file = path.join(folder.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const runs = JSON.stringify(path.join(folder.path, 'runs'));
    writeFileSync(
      file,
      `#!${process.execPath}\nconst fs = require('node:fs');\nfs.appendFileSync(${runs}, 'x');\nconst run = fs.readFileSync(${runs}).length;\nconst print = (status) => console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));\n${body}\n`,
    );
    chmodSync(file, 0o755);
    return file;
  }
  const runs = (): number => {
    const file = path.join(folder.path, 'runs');
    return existsSync(file) ? readFileSync(file).length : 0;
  };

  /** Writes the kubeconfig anew. */
  function writeUser(exec: object, cluster: object = {}): string {
    return writeTestKubeconfig(
      folder.path,
      { server: standIn.url, 'certificate-authority-data': base64(authority.certificate), ...cluster },
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'IfAvailable', ...exec } },
    );
  }
  async function connect(
    exec: object,
    options: OpenOptions = {},
    cluster: object = {},
  ): Promise<ClusterConnection> {
    const file = writeUser(exec, cluster);
    connection = await openFile(file, { mayRun: () => Promise.resolve(true), ...options });
    return connection;
  }
  async function get({ fetch }: ClusterConnection): Promise<void> {
    await readText((await fetch('/api')).body, 1000);
  }
  async function failure(from: ClusterConnection): Promise<Error> {
    const error = await get(from).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error);
    return error;
  }

  it('uses its token, run once for many requests', async () => {
    const cluster = await connect({ command: plugin(`print({ token: 'made-' + run });`) });
    assert.equal(runs(), 0);
    await Promise.all([get(cluster), get(cluster), get(cluster)]);
    await get(cluster);
    assert.deepEqual(new Set(requests.map(({ authorization }) => authorization)), new Set(['Bearer made-1']));
    assert.equal(runs(), 1);
  });

  it('runs it again when the token has expired, and when the server refused it', async () => {
    const clock = new FakeClock();
    const expiry = JSON.stringify(new Date(clock.now() + 600_000));
    const cluster = await connect(
      {
        command: plugin(
          `print({ token: 'made-' + run, expirationTimestamp: run === 1 ? ${expiry} : '2099-01-01T00:00:00Z' });`,
        ),
      },
      { clock },
    );
    await get(cluster);
    await clock.advance(599_000);
    await get(cluster);
    clock.jumpWall(1_000);
    await get(cluster);
    await Promise.all([cluster.refreshCredentials(), cluster.refreshCredentials()]);
    await get(cluster);
    assert.deepEqual(
      requests.map(({ authorization }) => authorization),
      ['Bearer made-1', 'Bearer made-1', 'Bearer made-2', 'Bearer made-3'],
    );
  });

  it('shows the certificate it hands out', async () => {
    const pair = authority.client('from-plugin', []);
    const cluster = await connect({
      command: plugin(
        `print(${JSON.stringify({ clientCertificateData: pair.certificate, clientKeyData: pair.key })});`,
      ),
    });
    await get(cluster);
    assert.deepEqual(requests, [{ authorization: undefined, subject: 'from-plugin' }]);
  });

  it('finds a relative command beside the kubeconfig, and gives it arguments, environment and the cluster', async () => {
    plugin(
      `fs.writeFileSync('seen', JSON.stringify({ args: process.argv.slice(2), own: process.env.OWN, home: process.env.HOME, info: JSON.parse(process.env.KUBERNETES_EXEC_INFO) }));\nprint({ token: fs.readFileSync(0, 'utf8') + 't' });`,
      'bin/plugin',
    );
    const cluster = await connect({
      command: './bin/plugin',
      args: ['get-token', '--cluster', 'a b'],
      env: [{ name: 'OWN', value: 'yes' }],
      provideClusterInfo: true,
    });
    await get(cluster);
    assert.equal(requests[0]?.authorization, 'Bearer t');
    assert.deepEqual(JSON.parse(readFileSync(path.join(folder.path, 'seen'), 'utf8')), {
      args: ['get-token', '--cluster', 'a b'],
      own: 'yes',
      home: process.env.HOME,
      info: {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        spec: {
          cluster: { server: standIn.url, 'certificate-authority-data': base64(authority.certificate) },
          interactive: false,
        },
      },
    });
  });

  describe('without leave', () => {
    it('runs nothing, asks with the whole line, and names the program alone elsewhere', async () => {
      const command = plugin(`print({ token: 't' });`);
      const asked: ExecPluginQuestion[] = [];
      const opening = connect(
        { command, args: ['login', '--client-secret=SECRET'], env: [{ name: 'KEY', value: 'SECRET' }] },
        {
          mayRun: (question) => {
            asked.push(question);
            return Promise.resolve(false);
          },
        },
      );
      await assert.rejects(opening, (error) => {
        assert.deepEqual(problemFromError(error), { code: 'consent', detail: 'plugin' });
        assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /SECRET/);
        return true;
      });
      assert.equal(asked.length, 1);
      assert.equal(asked[0]?.program, 'plugin');
      assert.equal(asked[0]?.commandLine, `${command} login --client-secret=SECRET`);
      assert.deepEqual(asked[0]?.environmentNames, ['KEY']);
      assert.equal(runs(), 0);
    });

    it('asks again before each run, as the kubeconfig may have changed', async () => {
      const answers = [true, true, false];
      const cluster = await connect(
        { command: plugin(`print({ token: 't' });`) },
        { mayRun: () => Promise.resolve(answers.shift() ?? false) },
      );
      await get(cluster);
      await assert.rejects(cluster.refreshCredentials(), (error) => {
        assert.equal(problemFromError(error).code, 'consent');
        return true;
      });
      assert.equal(runs(), 1);
    });

    for (const [what, change] of [
      ['arguments', { args: ['--more'] }],
      ['environment', { env: [{ name: 'LD_PRELOAD', value: './evil.so' }] }],
      ['path', { command: './other/plugin' }],
    ] as const) {
      for (const how of ['renewed', 'looked at again']) {
        it(`does not run one of another ${what} when credentials are ${how}`, async () => {
          const clock = new FakeClock();
          const command = plugin(`print({ token: 'made-' + run });`);
          plugin(`print({ token: 'other-' + run });`, 'other/plugin');
          const first = { command, args: ['--a'], env: [] as object[] };
          let allowed: string | undefined;
          const cluster = await connect(first, {
            clock,
            mayRun: ({ fingerprint }) => {
              allowed ??= fingerprint;
              return Promise.resolve(allowed === fingerprint);
            },
          });
          await get(cluster);
          writeUser({ ...first, ...change });
          await clock.advance(60_000);
          const changed = how === 'renewed' ? cluster.refreshCredentials() : get(cluster);
          await assert.rejects(changed, (error) => {
            assert.deepEqual(problemFromError(error), { code: 'consent', detail: 'plugin' });
            return true;
          });
          await assert.rejects(get(cluster));
          assert.equal(runs(), 1);
          writeUser(first);
          await get(cluster);
          assert.equal(requests.at(-1)?.authorization, 'Bearer made-1');
        });
      }
    }
  });

  it('runs a bare command outside of the kubeconfig’s folder', async () => {
    plugin(
      `fs.writeFileSync(process.env.SEEN, process.cwd());\nprint({ token: 't' });`,
      'bin/some-sign-in-program',
    );
    const seen = path.join(folder.path, 'seen');
    const cluster = await connect({
      command: 'some-sign-in-program',
      env: [
        { name: 'PATH', value: path.join(folder.path, 'bin') },
        { name: 'SEEN', value: seen },
      ],
    });
    await get(cluster);
    assert.equal(readFileSync(seen, 'utf8'), process.cwd());
  });

  it('does not take a bare command from the kubeconfig’s folder', async () => {
    plugin(`print({ token: 't' });`, 'some-sign-in-program');
    const error = await failure(await connect({ command: 'some-sign-in-program' }));
    assert.match(error.message, /could not be run \(ENOENT\)/);
    assert.equal(runs(), 0);
  });

  describe('whose source is given up', () => {
    it('is not waited for while the user thinks', async () => {
      const controller = new AbortController();
      const opening = connect(
        { command: plugin(`print({ token: 't' });`) },
        { mayRun: () => new Promise(() => {}), signal: controller.signal },
      );
      const reason = new Error('given up');
      const rejected = assert.rejects(opening, reason);
      controller.abort(reason);
      await rejected;
    });

    it('is not opened any more', async () => {
      const reason = new Error('given up');
      await assert.rejects(connect({ command: 'x' }, { signal: AbortSignal.abort(reason) }), reason);
    });

    it('is stopped while it runs', async () => {
      const controller = new AbortController();
      const cluster = await connect(
        { command: plugin(`fs.writeFileSync('pid', String(process.pid));\nsetInterval(() => {}, 1000);`) },
        { signal: controller.signal },
      );
      const ended = assert.rejects(cluster.fetch('/api'), { name: 'KubeTransportError', code: 'closed' });
      const pidFile = path.join(folder.path, 'pid');
      await until('it runs', () => existsSync(pidFile) && readFileSync(pidFile).length > 0, soon);
      controller.abort();
      await ended;
      const pid = Number(readFileSync(pidFile, 'utf8'));
      await until('it is gone', () => !isRunning(pid), soon);
    });
  });

  describe('that fails', () => {
    it('is told without what it was given, though it repeats all of it', async () => {
      const logged: string[] = [];
      const log = (message: string, cause?: unknown): void => {
        logged.push(inspect([message, cause], { depth: 10 }));
      };
      const cluster = await connect(
        {
          command: plugin(
            `if (run === 2) { console.error(process.argv.slice(2).join(' '), JSON.stringify(process.env.KEY)); process.exit(1); } print({ token: 't', expirationTimestamp: '2001-01-01T00:00:00Z' });`,
          ),
          args: ['get-token', '--client-secret=hunter', '-p', 'SECRETa', 'SECRETb-1'],
          env: [{ name: 'KEY', value: 'SECRET "c"' }],
        },
        { logger: { debug: log, info: log, warn: log, error: log } },
      );
      await get(cluster);
      const error = await failure(cluster);
      assert.equal(
        error.message,
        '"plugin" ended with 1: get-token --client-secret=‹redacted› -p ‹redacted› ‹redacted› "‹redacted›"',
      );
      const told = [inspect(error, { depth: 10, showHidden: true }), ...logged].join(' ');
      assert.doesNotMatch(told, /SECRET|hunter/);
    });

    it('is told with what it said, cut and without secrets, and tried again', async () => {
      const cluster = await connect({
        command: plugin(
          `if (run === 1) { console.error('no login: token=SECRET ' + 'word '.repeat(1000)); process.exit(3); } print({ token: 't' });`,
        ),
      });
      const error = await failure(cluster);
      assert.deepEqual(problemFromError(error).code, 'credentials');
      assert.match(error.message, /^"plugin" ended with 3: no login: token=‹redacted› word word/);
      assert.ok(error.message.length < 250);
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /SECRET/);
      await get(cluster);
      assert.equal(requests[0]?.authorization, 'Bearer t');
    });

    for (const [what, body, expected] of [
      ['prints no JSON', `console.log('SECRET please log in');`, /did not print an ExecCredential/],
      [
        'prints something else',
        `console.log('{"kind":"Token","token":"SECRET"}');`,
        /did not print an ExecCredential/,
      ],
      ['prints no credential', `print({ token: '' });`, /without a token or a certificate/],
      ['is killed', `process.kill(process.pid, 'SIGKILL');`, /was ended by SIGKILL/],
      ['never stops printing', `for (;;) fs.writeSync(1, 'x'.repeat(65536));`, /printed more than/],
    ] as const) {
      it(`is told when it ${what}`, async () => {
        const error = await failure(await connect({ command: plugin(body) }));
        assert.equal(problemFromError(error).code, 'credentials');
        assert.match(error.message, expected);
        assert.doesNotMatch(inspect(error, { depth: 10 }), /SECRET/);
      });
    }

    it('is told when it does not exist', async () => {
      const error = await failure(await connect({ command: 'no-such-program-anywhere' }));
      assert.equal(problemFromError(error).code, 'credentials');
      assert.match(error.message, /"no-such-program-anywhere" could not be run \(ENOENT\)/);
    });

    it('is stopped when it hangs, though it ignores being asked and left children behind', async () => {
      const clock = new FakeClock();
      const cluster = await connect(
        {
          command: plugin(
            `process.on('SIGTERM', () => {});\nrequire('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }).unref();\nsetInterval(() => {}, 1000);`,
          ),
        },
        { clock },
      );
      const failed = failure(cluster);
      await until('it runs', () => runs() === 1, soon);
      await clock.advance(182_000);
      const error = await failed;
      assert.equal(problemFromError(error).code, 'credentials');
      assert.match(error.message, /did not finish within 180 s/);
      assert.equal(clock.pendingTimers, 0);
    });

    it('is stopped when the connection is closed, and leaves an aborted request at once', async () => {
      const cluster = await connect({
        command: plugin(`fs.writeFileSync('pid', String(process.pid));\nsetInterval(() => {}, 1000);`),
      });
      const controller = new AbortController();
      const aborted = cluster.fetch('/api', { signal: controller.signal });
      aborted.catch(() => undefined);
      const closed = assert.rejects(cluster.fetch('/api'), { name: 'KubeTransportError', code: 'closed' });
      const pidFile = path.join(folder.path, 'pid');
      await until('it runs', () => existsSync(pidFile) && readFileSync(pidFile).length > 0, soon);
      const reason = new Error('enough');
      controller.abort(reason);
      await assert.rejects(aborted, reason);
      cluster.dispose();
      await closed;
      const pid = Number(readFileSync(pidFile, 'utf8'));
      await until('it is gone', () => !isRunning(pid), soon);
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
