import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import type { Source } from '../../../src/hub/source';
import { contextsOf, openContext } from '../clusters/openFetch';
import { serveProgram } from '../method/serveProgram';
import { followAllParams, type ListsBegun } from './recoverMeasurements';

/** A hub with one source a context, as src/extension wires it, that counts the lists it asks for. */

const hub = new Hub({ clock: systemClock, random: systemRandom, logger: nullLogger });
const sources: Source[] = [];
let lists: ListsBegun = [];

function counting(fetch: KubeFetch, source: number): KubeFetch {
  return (path, request) => {
    if (/[?&]limit=500\b/.test(path) && !path.includes('continue=')) {
      lists.push({ source, atMs: performance.now() });
    }
    return fetch(path, request);
  };
}

async function follow(params: unknown): Promise<void> {
  const { kubeconfig } = v.parse(followAllParams, params);
  for (const [index, context] of (await contextsOf(kubeconfig)).entries()) {
    const source = hub.addSource({
      id: `s${index}`,
      kind: 'kubeconfig',
      label: `s${index}`,
      open: async () => {
        const connection = await openContext(context);
        return { fetch: counting(connection.fetch, index), dispose: () => connection.dispose() };
      },
    });
    sources.push(source);
    source.connect();
  }
  await Promise.all(sources.map(untilLive));
}

function untilLive(source: Source): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (source.status().state.type === 'live') {
        following.dispose();
        resolve();
      }
    };
    const following = source.onStateChanged(check);
    check();
  });
}

function untilDown(source: Source): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (source.status().state.type !== 'live') {
        following.dispose();
        resolve();
      }
    };
    const following = source.onStateChanged(check);
    check();
  });
}

async function sinceNow(which: readonly Source[]): Promise<number[]> {
  const startedMs = performance.now();
  return Promise.all(
    which.map(async (source) => {
      await untilLive(source);
      return performance.now() - startedMs;
    }),
  );
}

serveProgram({
  follow,
  /** Has the first source try again at once. */
  retryFirst: () => {
    const first = sources.slice(0, 1);
    const live = sinceNow(first);
    first[0]?.retryNow();
    return live;
  },
  firstDown: () => Promise.all(sources.slice(0, 1).map(untilDown)).then(() => null),
  allDown: () => Promise.all(sources.map(untilDown)).then(() => null),
  allLive: () => sinceNow(sources),
  lists: () => {
    const begun = lists;
    lists = [];
    return begun;
  },
});
