import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import { Session } from '../../../src/hub/session';
import type { Source } from '../../../src/hub/source';
import type { ServerMessage } from '../../../src/protocol/messages';
import { openKubeconfig } from '../clusters/openFetch';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { followParams } from './hostMeasurements';
import { PortChannel } from './portChannel';
import { sequenceOf } from './sequence';
import { View } from './view';

/** The extension host's part, as src/extension wires it: hub, one source, one session with a view behind it. */

const SOURCE = 'bench';

const hub = new Hub({ clock: systemClock, random: systemRandom, logger: nullLogger });
let view: View | undefined;
let source: Source | undefined;
let cpuBefore = process.cpuUsage();
let viewCpuBefore = 0;
let updates = 0;
let outOfOrder = 0;
const lastSequence = new Map<string, number>();

hub.onEvent(({ type, data }) => {
  if (type !== 'cluster.updated') {
    return;
  }
  const { name } = data;
  const sequence = sequenceOf(source?.object(name)) ?? 0;
  updates += 1;
  outOfOrder += Number(sequence <= (lastSequence.get(name) ?? 0));
  lastSequence.set(name, sequence);
});

async function follow(params: unknown): Promise<void> {
  const { kubeconfig, name, isToldOfAll } = v.parse(followParams, params);
  const added = hub.addSource({
    id: SOURCE,
    kind: 'kubeconfig',
    label: SOURCE,
    open: () => openKubeconfig(kubeconfig),
  });
  source = added;
  const live = new Promise<void>((resolve, reject) => {
    added.onStateChanged((state) => {
      if (state.type === 'live') {
        resolve();
      } else if ('problem' in state) {
        reject(new Error(`${state.type}: ${state.problem.detail}`));
      }
    });
  });
  added.connect();
  await live;
  const { port1, port2 } = new MessageChannel();
  const onListenerError = (error: unknown): void => {
    throw error;
  };
  const session = new Session({
    hub,
    channel: new PortChannel<ServerMessage>(port1, onListenerError),
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
    hello: () => ({
      view: { type: 'detail', source: SOURCE, name },
      language: 'en',
      texts: {},
    }),
    runCommand: () => Promise.resolve(),
    logTailLines: () => 100,
  });
  session.setVisible(true);
  view = new View(join(__dirname, 'viewProgram.js'), { port: port2, source: SOURCE, name, isToldOfAll });
  await view.shown;
}

async function viewCpuMicros(): Promise<number> {
  return view === undefined ? 0 : view.cpuMicros();
}

serveProgram({
  follow,
  begin: async () => {
    updates = 0;
    outOfOrder = 0;
    viewCpuBefore = await viewCpuMicros();
    cpuBefore = process.cpuUsage();
  },
  updates: () => updates,
  end: async () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    const viewMicros = (await viewCpuMicros()) - viewCpuBefore;
    return { cpuMs: (user + system - viewMicros) / 1000, updates, outOfOrder };
  },
  sightings: () => view?.takeSightings(),
  heap: async () => (await memoryAfterCollection()).heap,
  resourceVersions: () => {
    const versions: Record<string, string> = {};
    for (const row of source?.rows() ?? []) {
      versions[row.name] = source?.object(row.name)?.metadata.resourceVersion ?? '';
    }
    return versions;
  },
});
