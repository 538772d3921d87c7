import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { PERSONAS, type Bench, type BenchContext } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { Program, withProgram } from '../method/program';
import { interleave } from '../method/rounds';
import { Sentinel } from '../method/sentinel';
import { median, medianOfRounds } from '../method/statistics';
import { readMeasurement, writeMeasurement } from './demoServerParams';

const WATCHERS = 1_000;
const WRITES_PER_SECOND = 100;
const WRITE_S = 6;
/** One process could not take half a gigabyte a second. */
const CLIENTS = 2;
const WRITTEN_PERSONAS = 50;
const ARRIVAL_DEADLINE_MS = 5_000;
/** A twentieth more: who needs longer does not keep the pace. */
const MAX_WALL_S = 6.3;

const eventsSchema = v.object({ fewest: v.number(), most: v.number(), broken: v.number() });
const pageSchema = v.object({
  metadata: v.object({ resourceVersion: v.string() }),
  items: v.array(v.object({ metadata: v.object({ name: v.string() }) })),
});

/** What the demo cluster can take by itself, so that it is not what another bench measures. */
export const demoServerBench: Bench = {
  name: 'demo-server',
  summary: `the demo cluster: lists of ${PERSONAS} personas, and ${WATCHERS} watchers of ${WRITES_PER_SECOND} writes a second`,
  run: (context) =>
    withProgram('servedPersonasProgram', [], async (server): Promise<Outcome> => {
      const url = await server.ask('serve', undefined, v.string());
      const lists = await measureLists(context, server, `${url}${CLUSTER_PERSONA.path}`);
      const watches = await measureWatches(context, server, url);
      return outcomeOf(lists, watches);
    }),
};

interface ListRounds {
  readonly bytes: number;
  /** MB a second. */
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

function measureLists({ measuring }: BenchContext, server: Program, url: string): Promise<ListRounds> {
  return withProgram('listReaderProgram', [], async (reader) => {
    const read = (from: string) => reader.ask('read', from, readMeasurement);
    // The first list makes the JSON that the others share.
    const { bytes } = await read(url);
    const bareUrl = await server.ask('serveBytes', bytes, v.string());
    await read(bareUrl);
    const speed = async (from: string): Promise<number> => {
      const { bytes: got, wallMs } = await read(from);
      return got / 1000 / wallMs;
    };
    const { ours, bare } = await measuring(() =>
      interleave({ ours: () => speed(url), bare: () => speed(bareUrl) }),
    );
    return { bytes, ours, bare };
  });
}

interface WatchRound {
  readonly cpuPercent: number;
  readonly wallS: number;
  readonly longestStallMs: number;
  readonly lost: number;
  readonly broken: number;
}

async function measureWatches(
  { say, measuring }: BenchContext,
  server: Program,
  url: string,
): Promise<WatchRound> {
  const response = await fetch(`${url}${CLUSTER_PERSONA.path}?limit=${WRITTEN_PERSONAS * 2}`);
  const page = v.parse(pageSchema, await response.json());
  const names = page.items.slice(0, WRITTEN_PERSONAS).map(({ metadata }) => metadata.name);
  const clients: Program[] = [];
  const sentinel = await Sentinel.start();
  try {
    for (let index = 0; index < CLIENTS; index += 1) {
      clients.push(await Program.start('watchersProgram'));
    }
    say(`Opening ${WATCHERS} watches`);
    const { resourceVersion } = page.metadata;
    const open = { url, count: WATCHERS / CLIENTS, resourceVersion };
    const opened = Promise.all(clients.map((client) => client.ask('open', open, v.unknown())));
    // A watch is open when something came of it.
    await delay(500);
    await server.ask('write', { names, count: 1, perSecond: 1 }, writeMeasurement);
    await opened;
    await untilTold(clients, 1);
    const before = await fewest(clients);
    const count = WRITE_S * WRITES_PER_SECOND;
    return await measuring(async () => {
      const { result, sentinelMs } = await sentinel.beside(() =>
        server.ask('write', { names, count, perSecond: WRITES_PER_SECOND }, writeMeasurement),
      );
      await untilTold(clients, before + count);
      const events = await Promise.all(
        clients.map((client) => client.ask('events', undefined, eventsSchema)),
      );
      return {
        cpuPercent: (100 * result.cpuMs) / result.wallMs,
        wallS: result.wallMs / 1000,
        longestStallMs: Math.max(0, result.longestDelayMs - sentinelMs),
        lost: events.reduce((sum, { fewest: least }) => sum + Math.max(0, before + count - least), 0),
        broken: events.reduce((sum, { broken }) => sum + broken, 0),
      };
    });
  } finally {
    await Promise.all([...clients, sentinel].map((program) => program.stop()));
  }
}

/** Waits for the slowest watcher; whether all came is judged by whoever counts them. */
async function untilTold(clients: readonly Program[], count: number): Promise<void> {
  const endMs = performance.now() + ARRIVAL_DEADLINE_MS;
  while (performance.now() < endMs && (await fewest(clients)) < count) {
    await delay(20);
  }
}

async function fewest(clients: readonly Program[]): Promise<number> {
  const events = await Promise.all(clients.map((client) => client.ask('events', undefined, eventsSchema)));
  return Math.min(...events.map((each) => each.fewest));
}

function outcomeOf(lists: ListRounds, watches: WatchRound): Outcome {
  const list = median(lists.ours);
  const ofBare = medianOfRounds(lists.ours, lists.bare, (ours, bare) => ours / bare);
  return {
    figures: {
      listMbPerSecond: list,
      bareMbPerSecond: median(lists.bare),
      listOfBare: ofBare,
      watchCpuPercent: watches.cpuPercent,
      watchWallS: watches.wallS,
      longestStallMs: watches.longestStallMs,
      lost: watches.lost,
      cutOff: watches.broken,
    },
    targets: {
      listMbPerSecond: { atLeast: 100 },
      watchCpuPercent: { atMost: 100 },
      watchWallS: { atMost: MAX_WALL_S },
      lost: { atMost: 0 },
      cutOff: { atMost: 0 },
    },
    doubts: doubtsOf('the bare server of the same bytes', lists.bare),
    table: [
      [`${(lists.bytes / 1e6).toFixed(1)} MB a list, HTTP`, 'MB/s'],
      ['ours', list.toFixed(0)],
      ['bare node:http of the same bytes', median(lists.bare).toFixed(0)],
      ['limit', '100'],
      [`${WATCHERS} watchers × ${WRITES_PER_SECOND} writes/s`, 'CPU, % of a core'],
      ['ours', watches.cpuPercent.toFixed(0)],
      ['limit', '100'],
    ],
  };
}
