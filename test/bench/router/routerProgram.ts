import { EventEmitter2 } from 'eventemitter2';
import * as v from 'valibot';
import { EventRouter } from '../../../src/hub/router/eventRouter';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { fleetTopics } from './fleetTopics';
import { routeParams, type RouteMeasurement, type RouteParams } from './routerParams';
import { patternsOf } from './subscribers';

/** Routes events, as the project does or as eventemitter2 does, and says what that took. */

interface BenchEvent {
  readonly topic: string;
  readonly at: number;
}

const CONTROL_STEPS = 3_000_000;
const WARM_UP_EVENTS = 20_000;

function openOurs(patterns: readonly string[][], onEvent: (event: BenchEvent) => void) {
  const router = new EventRouter<BenchEvent>((error) => {
    throw error;
  });
  for (const each of patterns) {
    router.subscribe(each, (event) => onEvent(event));
  }
  return (event: BenchEvent): void => router.publish(event);
}

function openEventEmitter2(patterns: readonly string[][], onEvent: (event: BenchEvent) => void) {
  const emitter = new EventEmitter2({ wildcard: true, delimiter: '.', maxListeners: 0 });
  for (const each of patterns) {
    const listener = (event: BenchEvent): void => onEvent(event);
    for (const pattern of each) {
      emitter.on(pattern, listener);
    }
  }
  return (event: BenchEvent): void => {
    emitter.emit(event.topic, event);
  };
}

async function measure({
  router,
  subscribers,
  events,
  isMemoryAsked,
}: RouteParams): Promise<RouteMeasurement> {
  const told = fleetTopics().map((topic, at) => ({ topic, at }));
  const patterns = patternsOf(subscribers);
  let calls = 0;
  let sum = 0;
  const onEvent = (event: BenchEvent): void => {
    calls += 1;
    sum += event.at;
  };
  let publish: ((event: BenchEvent) => void) | undefined = (router === 'ours' ? openOurs : openEventEmitter2)(
    patterns,
    onEvent,
  );
  const route = (count: number): void => {
    for (let n = 0; n < count; n += 1) {
      const event = told[n % told.length];
      if (event !== undefined) {
        publish?.(event);
      }
    }
  };
  route(WARM_UP_EVENTS);
  calls = 0;
  // What subscribing left behind is none of what routing costs.
  globalThis.gc?.({ type: 'major', execution: 'sync' });
  const controlBefore = process.cpuUsage();
  sum += control();
  const controlMs = cpuMsSince(controlBefore);
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  route(events);
  const cpuMs = cpuMsSince(cpuBefore);
  const wallMs = performance.now() - startedMs;
  const counted = calls;
  const heapWith = await heap(isMemoryAsked);
  // What was measured is still in use.
  route(1);
  if (!Number.isFinite(sum)) {
    throw new TypeError('nothing was summed up');
  }
  publish = undefined;
  const heapWithout = await heap(isMemoryAsked);
  const held = heapWith === undefined || heapWithout === undefined ? {} : { heap: heapWith - heapWithout };
  return { cpuMs, wallMs, calls: counted, controlMs, ...held };
}

async function heap(isAsked: boolean): Promise<number | undefined> {
  return isAsked ? (await memoryAfterCollection()).heap : undefined;
}

/** Looks up and adds, as routing does, always the same. */
function control(): number {
  const map = new Map(Array.from({ length: 1_000 }, (_, n) => [`key-${n}`, n]));
  const keys = [...map.keys()];
  let sum = 0;
  for (let n = 0; n < CONTROL_STEPS; n += 1) {
    sum += map.get(keys[n % keys.length] ?? '') ?? 0;
  }
  return sum;
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

serveProgram({ measure: (params) => measure(v.parse(routeParams, params)) });
