import assert from 'node:assert/strict';
import { DockerfileParser, type Copy } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { chmodSync, cpSync, linkSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { freePort } from '../../support/testbed/freePort';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { ServerProcess } from '../../support/testbed/serverProcess';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';

const DOCKERFILE = join('deploy', 'Dockerfile');
/** Of the image's user. */
const USER = 65_532;

describe('the image of the hub', function () {
  this.timeout(60_000);
  const content = (): string => readFileSync(join(repositoryRoot(), DOCKERFILE), 'utf8');
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = temporaryFolder('image');
  });
  afterEach(() => {
    chmodSync(folder.path, 0o755);
    folder.remove();
  });

  it('has a Dockerfile without faults', () => {
    assert.deepEqual(
      validate(content()).map(({ message, range }) => [range.start.line + 1, message]),
      [],
    );
  });

  it('has one file of ours, no root, and nothing that runs when it is built', () => {
    const instructions = DockerfileParser.parse(content()).getInstructions();
    const of = (keyword: string): string[] =>
      instructions
        .filter((instruction) => instruction.getKeyword() === keyword)
        .map((instruction) => instruction.getArgumentsContent() ?? '');
    assert.deepEqual(of('COPY'), ['dist/hub.js ./']);
    assert.deepEqual(of('USER'), [`${USER}:${USER}`]);
    assert.deepEqual(of('ENTRYPOINT'), ['["/nodejs/bin/node", "--max-semi-space-size=1", "/app/hub.js"]']);
    assert.deepEqual(
      instructions
        .map((instruction) => instruction.getKeyword())
        .filter((keyword) => /^(?:RUN|ADD|HEALTHCHECK|VOLUME)$/.test(keyword)),
      [],
    );
    const ignored = readFileSync(join(repositoryRoot(), `${DOCKERFILE}.dockerignore`), 'utf8');
    assert.deepEqual(ignored.trim().split('\n'), ['*', '!dist/hub.js']);
  });

  it('works with what is copied alone, as its user, in a folder that nobody may write to', async () => {
    const copies = DockerfileParser.parse(content())
      .getInstructions()
      .filter((instruction): instruction is Copy => instruction.getKeyword() === 'COPY');
    for (const copy of copies) {
      const [source] = copy.getArguments();
      const from = source?.getValue() ?? '';
      cpSync(join(repositoryRoot(), from), join(folder.path, basename(from)));
    }
    // Somebody else may not reach the Node that runs this.
    const program = join(folder.path, 'node');
    placeProgram(program);
    chmodSync(join(folder.path, 'hub.js'), 0o444);
    chmodSync(folder.path, 0o555);
    const before = readdirSync(folder.path);
    const logs = temporaryFolder('image-log');
    const port = await freePort();
    const server = new ServerProcess({
      name: 'the hub',
      program,
      args: ['hub.js', '--demo', '--listen', `127.0.0.1:${port}`],
      logFile: join(logs.path, 'hub.log'),
      cwd: folder.path,
      env: { NODE_ENV: 'production' },
      // Whoever is no root already is somebody who may not write there.
      ...(process.getuid?.() === 0 ? { user: USER } : {}),
    });
    try {
      const ready = await until(
        'the hub is ready',
        async () => {
          const response = await fetch(`http://127.0.0.1:${port}/readyz`);
          return response.status === 200 && response;
        },
        { deadlineMs: 30_000, failure: () => server.failure() },
      );
      assert.equal(await ready.text(), 'ready\n');
      const clusters = await fetch(`http://127.0.0.1:${port}/api/v1/clusters`);
      assert.match(await clusters.text(), /"rows":\[\{/);
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      assert.doesNotMatch(status, /^Uid:\s+0\s/m);
      assert.deepEqual(readdirSync(folder.path), before);
    } finally {
      await server.stop(15_000);
      logs.remove();
    }
    assert.match(server.failure() ?? '', /ended with exit code 0/);
  });
});

function placeProgram(path: string): void {
  try {
    linkSync(process.execPath, path);
  } catch {
    cpSync(process.execPath, path);
  }
  chmodSync(path, 0o755);
}
