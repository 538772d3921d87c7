import assert from 'node:assert/strict';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const HOUR_MS = 60 * 60_000;

describe('the log of the instance before', () => {
  let demo: DemoCluster;
  let clock: PromptClock;

  beforeEach(() => {
    clock = new PromptClock();
    demo = createDemoCluster({ clock, seed: 1, scene: 'incident', logger: failingLogger });
  });

  afterEach(() => demo.dispose());

  trackLeaks();

  async function restarting() {
    const { items } = await getJson(demo.fetch, '/api/v1/pods');
    const pods = items.flatMap((pod) =>
      Object(pod['status'])
        .containerStatuses.filter((container: { restartCount: number }) => container.restartCount > 0)
        .map((container: object) => ({
          path: `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log?timestamps=true`,
          container: Object(container),
        })),
    );
    assert.equal(pods.length, 1);
    return pods[0];
  }

  async function times(path: string): Promise<readonly number[]> {
    const { status, text } = await getText(demo.fetch, path);
    assert.equal(status, 200, text);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => Date.parse(line.slice(0, line.indexOf(' '))));
  }

  async function checkLogs() {
    const { path, container } = await restarting();
    const { startedAt, finishedAt, exitCode } = container.lastState.terminated;
    assert.equal(exitCode, 137);
    const previous = await times(`${path}&previous=true`);
    assert.ok(previous.length > 10, `${previous.length} lines`);
    assert.ok(
      previous.every((time) => time >= Date.parse(startedAt) && time < Date.parse(finishedAt)),
      'within the life of that instance',
    );
    const current = await times(path);
    assert.ok(current.every((time) => time >= Date.parse(container.state.running.startedAt)));
    assert.ok(Date.parse(finishedAt) <= Date.parse(container.state.running.startedAt));
    return { restarts: container.restartCount, startedAt: container.state.running.startedAt, finishedAt };
  }

  it('is there for a container that was restarted, and is of another time than the current one', async () => {
    await checkLogs();
  });

  it('follows each restart', async () => {
    const first = await checkLogs();
    demo.start();
    clock.advance(HOUR_MS);
    const later = await checkLogs();
    assert.ok(later.restarts > first.restarts, `${later.restarts} restarts`);
    assert.ok(Date.parse(later.finishedAt) > Date.parse(first.finishedAt));
  });
});
