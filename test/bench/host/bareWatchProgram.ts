import * as v from 'valibot';
import { isRecord } from '../../../src/base/jsonRecord';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { readLines, readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from '../clusters/openFetch';
import { instantMs } from '../method/instant';
import { serveProgram } from '../method/serveProgram';
import { sequenceOf } from './sequence';
import type { Sighting } from './sighting';

/** The least that can be done with a watch: each line parsed, nothing kept. */

const MAX_CHARS = 64 * 1024 * 1024;

let sightings: Sighting[] = [];
let events = 0;
let cpuBefore = process.cpuUsage();

async function open(kubeconfig: unknown): Promise<void> {
  const { fetch } = await openKubeconfig(v.parse(v.string(), kubeconfig));
  const version = await newestVersion(fetch);
  const path = `${CLUSTER_PERSONA.path}?watch=1&resourceVersion=${version}&pretty=false`;
  const response = await fetch(path);
  if (response.status !== 200) {
    throw new Error(`the watch was answered with ${response.status}`);
  }
  void read(response.body);
}

async function read(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const { lines } of readLines(body, MAX_CHARS)) {
    for (const line of lines) {
      const event: unknown = JSON.parse(line);
      const sequence = sequenceOf(isRecord(event) ? event['object'] : undefined);
      events += 1;
      if (sequence !== undefined) {
        sightings.push({ sequence, atMs: instantMs() });
      }
    }
  }
  throw new Error('the watch ended');
}

async function newestVersion(fetch: KubeFetch): Promise<string> {
  const response = await fetch(`${CLUSTER_PERSONA.path}?limit=1&pretty=false`);
  const list: unknown = JSON.parse(await readText(response.body, MAX_CHARS));
  return v.parse(v.object({ metadata: v.object({ resourceVersion: v.string() }) }), list).metadata
    .resourceVersion;
}

serveProgram({
  open,
  begin: () => {
    events = 0;
    cpuBefore = process.cpuUsage();
  },
  end: () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { cpuMs: (user + system) / 1000, events };
  },
  sightings: () => {
    const taken = sightings;
    sightings = [];
    return taken;
  },
});
