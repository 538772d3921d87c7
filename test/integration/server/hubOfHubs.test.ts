import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { REQUESTS } from '../../../src/protocol/requests';
import { freePort } from '../../support/testbed/freePort';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { failedStart, HubProcess } from './hubProcess';
import { HubSocket } from './hubSocket';

const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';
const OTHER_TOKEN = 'another-token-that-is-long-enough-0123456789-0123';
const soon = { deadlineMs: 30_000, pollMs: 100 };

type Sources = v.InferOutput<(typeof REQUESTS)['sources.list']['result']>;

async function sourcesOf(hub: HubProcess): Promise<Sources['sources']> {
  return v.parse(REQUESTS['sources.list'].result, await hub.json('/api/v1/sources')).sources;
}

/** The only source of a hub, once it is in this state. */
function only(hub: HubProcess, type: string): Promise<Sources['sources'][number]> {
  return until(
    `the hub’s only source is ${type}`,
    async () => {
      const [source, ...others] = await sourcesOf(hub);
      return source !== undefined && others.length === 0 && source.state.type === type && source;
    },
    soon,
  );
}

describe('a hub that follows another one', function () {
  this.timeout(120_000);
  let folder: TemporaryFolder;
  let first: HubProcess;
  let second: HubProcess;
  let firstArguments: readonly string[];

  before(async () => {
    folder = temporaryFolder('hub-of-hubs');
    writeTokens(TOKEN);
    writeFileSync(join(folder.path, 'token'), `# for the first hub\n${TOKEN}\n`);
    firstArguments = ['--demo', '--auth', 'token', '--token-file', join(folder.path, 'tokens')];
    first = await HubProcess.start(firstArguments);
    second = await HubProcess.start([
      '--hub',
      `http://${first.host}`,
      '--hub-token-file',
      join(folder.path, 'token'),
    ]);
  });

  after(async () => {
    await second?.stop();
    await first?.stop();
    folder?.remove();
  });

  const writeTokens = (token: string): void => writeFileSync(join(folder.path, 'tokens'), `${token}\n`);

  it('serves its clusters as its own, and is ready when they are', async () => {
    await second.untilReady();
    const source = await only(second, 'live');
    assert.equal(source.kind, 'hub');
    assert.equal(source.label, 'demo');
    assert.ok(source.count > 5);
    const authorized = { authorization: `Bearer ${TOKEN}` };
    const list = async (hub: HubProcess, headers = {}): Promise<string[]> =>
      v
        .parse(REQUESTS['clusters.list'].result, await hub.json('/api/v1/clusters', headers))
        .rows.map(({ name }) => name)
        .toSorted();
    assert.deepEqual(await list(second), await list(first, authorized));
  });

  it('tells a client what happens in them, and hands on their pods and logs', async () => {
    const source = await only(second, 'live');
    using client = new HubSocket(`ws://${second.host}/api/v1/ws`);
    await client.greet();
    client.say({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
    const events = await client.next('events');
    assert.match(JSON.stringify(events), new RegExp(`cluster\\.updated.*${source.source}`));
    const pods = v.parse(
      REQUESTS['pods.list'].result,
      await client.ask(2, 'pods.list', { source: source.source, namespace: 'argocd' }),
    );
    const [pod] = pods.pods;
    assert.ok(pod !== undefined);
    const { stream } = v.parse(
      REQUESTS['logs.open'].result,
      await client.ask(3, 'logs.open', {
        source: source.source,
        namespace: pod.namespace,
        pod: pod.name,
        container: pod.containers[0],
      }),
    );
    let id = 4;
    const read = async () => {
      id += 1;
      return v.parse(
        REQUESTS['logs.read'].result,
        await client.ask(id, 'logs.read', { stream, from: 0, limit: 100 }),
      );
    };
    const log = await until(
      'lines came through both hubs',
      async () => {
        const answer = await read();
        return answer.lines.length > 5 && answer;
      },
      soon,
    );
    assert.equal(log.state.type, 'following');
  });

  it('has its clusters under the same ids after either was started anew, and says meanwhile that they are old', async () => {
    const { source: id } = await only(second, 'live');
    first.process.signal('SIGKILL');
    await first.process.stop();
    const gone = await only(second, 'reconnecting');
    assert.ok(gone.count > 5, 'what was held is lost');
    first = await HubProcess.start(firstArguments, 'http', first);
    assert.equal((await only(second, 'live')).source, id);
  });

  it('is refused by a hub whose token was changed, and let in with the new one from its file', async () => {
    writeTokens(OTHER_TOKEN);
    await only(second, 'unauthorized');
    writeFileSync(join(folder.path, 'token'), `${OTHER_TOKEN}\n`);
    await only(second, 'live');
  });

  it('leaves out what leads back to it, directly or round about, and says so', async () => {
    const port = await freePort();
    const third = await HubProcess.start(['--demo', '--hub', `http://127.0.0.1:${port}`]);
    let fourth: HubProcess | undefined;
    try {
      const itself = `http://127.0.0.1:${port}`;
      fourth = await HubProcess.start(['--hub', itself, '--hub', `http://${third.host}`], 'http', { port });
      await until(
        'the fourth hub says that it is itself',
        () => saysOf(fourth, 'It is this hub itself'),
        soon,
      );
      await until(
        'the third hub left out what is its own',
        () => saysOf(third, 'come from this hub itself'),
        soon,
      );
      assert.deepEqual(
        (await sourcesOf(third)).map(({ kind }) => kind),
        ['demo'],
      );
      const [fromThird, ...others] = await sourcesOf(fourth);
      assert.equal(fromThird?.label, 'demo');
      assert.deepEqual(others, []);
    } finally {
      await fourth?.stop();
      await third.stop();
    }
  });

  it('does not start where its token cannot be read', async () => {
    const args = ['--hub', 'https://hub.example', '--hub-token-file', join(folder.path, 'missing')];
    assert.match(await failedStart(args), /the token file .*missing cannot be read/);
    writeFileSync(join(folder.path, 'empty'), '\n');
    args[3] = join(folder.path, 'empty');
    assert.match(await failedStart(args), /holds no token/);
  });
});

function saysOf(hub: HubProcess | undefined, text: string): boolean {
  return hub?.log().includes(text) === true;
}
