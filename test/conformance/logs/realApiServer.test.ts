import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/base/clock';
import { systemRandom } from '../../../src/base/random';
import type { ClusterConnection } from '../../../src/cluster/clusterConnection';
import { openFile } from '../../integration/clusterKubeconfig';
import { accountForLines, type WrittenLine } from '../../support/accountForLines';
import { FollowedLog } from '../../support/followedLog';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireKubernetes } from '../../support/testbed/requireTool';
import { until } from '../../support/testbed/until';

const POD = { namespace: 'shop', name: 'cart-0', containers: ['main'] };
const KILLS = 3;
const SOON = { deadlineMs: 60_000, pollMs: 20 };

/** Numbered lines with equal ones among them, as a container writes them into the file of its runtime. */
class NumberedLines {
  readonly written: WrittenLine[] = [];
  readonly #append: (lines: readonly string[], at: Date) => void;
  #lastMs = 0;

  constructor(append: (lines: readonly string[], at: Date) => void) {
    this.#append = append;
  }

  /** Three lines of one instant, two of them alike. */
  write(): void {
    // Runtimes stamp to the nanosecond: no two lots have the same time.
    const at = new Date(Math.max(systemClock.now(), this.#lastMs + 1));
    this.#lastMs = at.getTime();
    const time = at.toISOString().replace('Z', '000000Z');
    const texts = ['tick', `line ${this.written.length}`, 'tick'];
    this.written.push(...texts.map((text) => ({ time, text })));
    this.#append(texts, at);
  }

  /** Goes on until `done` does. */
  async writeWhile(done: Promise<unknown>): Promise<void> {
    const pending = {};
    while ((await Promise.race([done, delay(15, pending)])) === pending) {
      this.write();
    }
  }
}

describe('a log that a real API server serves', function () {
  this.timeout(180_000);
  let cluster: RealCluster;
  let connection: ClusterConnection;
  let lines: NumberedLines;
  let followed: FollowedLog;

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this), { kwok: { pods: [POD] } });
    await cluster.addNode('node-1');
    await cluster.addNamespace(POD.namespace);
    await cluster.addPod(POD, 'node-1');
    connection = await openFile(cluster.kubeconfigs.admin);
    const log = cluster.containerLog(POD.namespace, POD.name, 'main');
    lines = new NumberedLines((texts, at) => log.append(texts, { at }));
    lines.write();
    followed = new FollowedLog({
      fetch: connection.fetch,
      target: { namespace: POD.namespace, pod: POD.name, container: 'main' },
      clock: systemClock,
      random: systemRandom,
      tailLines: 10,
    });
  });
  after(async () => {
    followed?.dispose();
    connection?.dispose();
    await cluster?.stop();
  });

  const isLastShown = (): boolean => followed.range.next >= lines.written.length;

  it('is whole after the server was killed while it was written, each line once', async () => {
    await until('it is followed', () => followed.state.type === 'following', SOON);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await lines.writeWhile(delay(500));
      await lines.writeWhile(cluster.apiServer.kill());
      await lines.writeWhile(delay(300));
      await lines.writeWhile(cluster.apiServer.start());
      followed.log.reopen();
      await lines.writeWhile(until('it goes on', () => followed.state.type === 'following', SOON));
    }
    lines.write();
    await until('all of it is shown', isLastShown, SOON);
    assert.equal(accountForLines(lines.written, followed.rows()), 0);
    assert.deepEqual(
      followed.texts(),
      lines.written.map(({ text }) => text),
    );
  });

  it('has a gap where the node gave lines up meanwhile, and accounts for every line', async () => {
    const before = followed.range.next;
    await cluster.apiServer.kill();
    await until('that is noticed', () => followed.state.type === 'failed', SOON);
    for (let count = 0; count < 10; count += 1) {
      lines.write();
    }
    // Rotation: what is in the old file is not served.
    writeFileSync(cluster.containerLog(POD.namespace, POD.name, 'main').file, '');
    const lost = lines.written.length - before;
    lines.write();
    await cluster.apiServer.start();
    followed.log.reopen();
    await until('the end is shown', () => followed.rows().at(-1)?.time === lines.written.at(-1)?.time, SOON);
    assert.equal(accountForLines(lines.written, followed.rows()), lost);
    const markers = followed.rows().flatMap(({ marker }) => marker ?? []);
    assert.deepEqual(markers, [
      { type: 'gap', from: lines.written[before - 1]?.time, until: lines.written[before + lost]?.time },
    ]);
  });
});
