import * as v from 'valibot';
import { instantMs } from '../method/instant';
import { serveProgram } from '../method/serveProgram';
import { FanoutClient } from './fanoutClient';
import { expectParams, openParams } from './fanoutParams';

/** Many clients in one process. */

/** Handshakes that are under way at once: a server's queue of connections is not what is measured. */
const PARALLEL = 64;

let clients: FanoutClient[] = [];
let indexes = new Map<FanoutClient, number>();
/** By name of persona, for each client when it was first told of it. */
let arrivals = new Map<string, Float64Array>();
let told = new Float64Array(0);
let events = 0;
let broken = 0;

function onEvent(client: FanoutClient, name: string): void {
  events += 1;
  const index = indexes.get(client);
  const at = arrivals.get(name);
  if (index !== undefined && at !== undefined && Number.isNaN(at[index])) {
    at[index] = instantMs();
    told[index] = (told[index] ?? 0) + 1;
  }
}

async function open(params: unknown): Promise<void> {
  const { url, count, speech } = v.parse(openParams, params);
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const client = new FanoutClient({ url, speech, onEvent, onEnd: () => (broken += 1) });
      indexes.set(client, clients.length);
      clients.push(client);
      await client.opened;
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, count) }, worker));
}

function expect(params: unknown): void {
  const { names, clients: count } = v.parse(expectParams, params);
  const none = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  arrivals = new Map(names.map((name) => [name, none()]));
  told = new Float64Array(count);
  events = 0;
  broken = 0;
}

/** Has the first client ask so often, and read nothing from then on. */
function stall(questions: unknown): void {
  const [client] = clients;
  client?.stall();
  for (let id = 0; id < v.parse(v.number(), questions); id += 1) {
    client?.say({ type: 'request', id: 1_000 + id, method: 'clusters.list', params: {} });
  }
}

function close(): void {
  clients.forEach((client) => client.close());
  clients = [];
  indexes = new Map();
}

serveProgram({
  open,
  expect,
  told: () => ({ fewest: told.reduce((a, b) => Math.min(a, b), Infinity), events, broken }),
  arrivals: () => [...arrivals.values()],
  stall,
  close,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
});
