import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from '../clusters/openFetch';
import { instantMs } from '../method/instant';
import { serveProgram } from '../method/serveProgram';
import { sequencePatch } from './sequence';
import { writeParams } from './writerParams';

/** Writes the status of personas, as an operator would. */

const MAX_ANSWER_BYTES = 1024 * 1024;

let fetch: KubeFetch | undefined;

/** Sends each write when it is due, whether or not those before were answered; those of one object one after another. */
async function write(params: unknown): Promise<{ sentMs: number[]; wallMs: number }> {
  const { names, firstSequence, count, fromMs, toMs } = v.parse(writeParams, params);
  const sentMs: number[] = [];
  const pending = new Map<string, Promise<void>>();
  const startedMs = performance.now();
  let dueMs = startedMs;
  for (let index = 0; index < count; index += 1) {
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) {
      await delay(waitMs);
    }
    dueMs += fromMs + Math.random() * (toMs - fromMs);
    const name = names[index % names.length] ?? '';
    await pending.get(name);
    sentMs.push(instantMs());
    pending.set(name, patch(name, firstSequence + index));
  }
  await Promise.all(pending.values());
  return { sentMs, wallMs: performance.now() - startedMs };
}

async function patch(name: string, sequence: number): Promise<void> {
  const response = await fetch?.(`${CLUSTER_PERSONA.path}/${name}/status`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: sequencePatch(sequence),
  });
  if (response === undefined) {
    throw new Error('the writer was not opened');
  }
  const answer = await readText(response.body, MAX_ANSWER_BYTES);
  if (response.status !== 200) {
    throw new Error(`${response.status} ${answer.slice(0, 300)}`);
  }
}

serveProgram({
  open: async (kubeconfig) => {
    ({ fetch } = await openKubeconfig(v.parse(v.string(), kubeconfig)));
  },
  write,
});
