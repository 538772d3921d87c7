import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { seenAt, sightingSchema } from '../host/sighting';
import { writtenSchema } from '../host/writerParams';
import type { BenchContext } from '../method/bench';
import type { Program } from '../method/program';
import { quantile } from '../method/statistics';
import type { FanoutClients } from './fanoutClients';
import { serverMeasurement, type Speech } from './fanoutParams';

export const CLIENTS = 500;
export const WRITES_PER_SECOND = 100;
/** More answers than may wait for one client. */
const STALLED_QUESTIONS = 200;
/** Connections that were just made, or ended, cost nothing any more. */
const SETTLE_MS = 400;
/** Between two writes at random, half as much and half as much again as the pace. */
const GAP_MS = { fromMs: 500 / WRITES_PER_SECOND, toMs: 1_500 / WRITES_PER_SECOND };

export interface FanoutPrograms {
  readonly writer: Program;
  /** Sees the same writes with the least that can be done. */
  readonly watch: Program;
  readonly clients: FanoutClients;
}

export interface Side {
  readonly server: Program;
  readonly url: string;
  readonly speech: Speech;
  /** Whether one client asks for much and reads nothing. */
  readonly isOneStalled: boolean;
  /** Each is written once. */
  readonly names: readonly string[];
}

export interface FanoutRound {
  /** Of the server, for one event to one client, in microseconds. */
  readonly cpuMicros: number;
  readonly peakRss: number;
  /** Of all clients that read: times that one was not told of a write. */
  readonly lost: number;
  /** From a write that is sent until a client is told, over all clients that read. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same for a bare watch. */
  readonly watchP99Ms: number;
  /** How long the writes took, of how long they should. */
  readonly paceRatio: number;
  /** What waited in the server's connections at the end, in bytes. */
  readonly bufferedBytes: number;
}

let nextSequence = 2_000_000;

/** Opens the clients, writes, waits until all were told, and lets the clients go. */
export async function fanoutRound(
  { measuring }: BenchContext,
  { writer, watch, clients }: FanoutPrograms,
  { server, url, speech, isOneStalled, names }: Side,
): Promise<FanoutRound> {
  await clients.open(url, speech, CLIENTS);
  await delay(SETTLE_MS);
  await clients.expect(names, CLIENTS);
  if (isOneStalled) {
    await clients.stallOne(STALLED_QUESTIONS);
    await delay(SETTLE_MS);
  }
  const firstSequence = nextSequence;
  nextSequence += names.length;
  const write = { names, firstSequence, count: names.length, ...GAP_MS };
  const { written, measured } = await measuring(async () => {
    await server.ask('begin', undefined, v.unknown());
    const written = await writer.ask('write', write, writtenSchema);
    if (!isOneStalled) {
      await clients.untilTold(names.length);
    }
    return { written, measured: await server.ask('end', undefined, serverMeasurement) };
  });
  if (isOneStalled) {
    // Nobody waits for the one that reads nothing, so that the others may still be told.
    await delay(SETTLE_MS);
  }
  const bufferedBytes = await bufferedBytesOf(url);
  const arrivals = await clients.arrivals();
  const sightings = await watch.ask('sightings', undefined, v.array(sightingSchema));
  await clients.close();
  await delay(SETTLE_MS);
  const latencies: number[] = [];
  const watchLatencies: number[] = [];
  let lost = 0;
  for (const [index, sentMs] of written.sentMs.entries()) {
    const seenMs = seenAt(sightings, firstSequence + index);
    watchLatencies.push((seenMs ?? Number.POSITIVE_INFINITY) - sentMs);
    for (const [client, atMs] of (arrivals[index] ?? []).entries()) {
      if (isOneStalled && client === 0) {
        continue;
      }
      if (Number.isNaN(atMs)) {
        lost += 1;
      } else {
        latencies.push(atMs - sentMs);
      }
    }
  }
  return {
    cpuMicros: (1000 * measured.cpuMs) / (names.length * CLIENTS),
    peakRss: measured.peakRss,
    lost,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    watchP99Ms: quantile(watchLatencies, 0.99),
    paceRatio: (written.wallMs * WRITES_PER_SECOND) / (1000 * names.length),
    bufferedBytes,
  };
}

/** NaN of a server that does not tell. */
async function bufferedBytesOf(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`);
  const text = await response.text();
  return Number(/^clusterpersona_hub_buffered_bytes (\S+)$/m.exec(text)?.[1]);
}
