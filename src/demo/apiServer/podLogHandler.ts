import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import type { KubeObject } from '../../base/kubeObject';
import { containersOf } from './podContainer';
import { KEPT_MS, type PodLogRequest } from './podLogRequest';
import type { PodLogLine, PodLogSource } from './podLogSource';
import type { ResponseBody } from './responseBody';

/** The newest lines are looked for in steps of this much time, since most readers want few. */
const TAIL_STEP_MS = 30_000;

/** A follower looks at least this often, so that a clock that jumps is noticed. */
const MAX_WAIT_MS = 1000;

/**
 * Writes a log to `body`: what there is, then, if it is followed, each line when its time has come, until the body is
 * closed; the caller disposes the result then. The log of a container that has ended ends as well. `currentPod`: the pod as
 * it is now, so that a restart is noticed.
 */
export function streamPodLog(
  source: PodLogSource,
  clock: Clock,
  request: PodLogRequest,
  body: ResponseBody,
  currentPod: () => KubeObject | undefined,
): Disposable {
  const { pod, container } = request;
  let timer: Disposable | undefined;
  let leftBytes = request.limitBytes ?? Infinity;
  const write = (lines: readonly PodLogLine[]): void => {
    const text = lines.map((line) => `${request.timestamps ? `${line.time} ` : ''}${line.text}\n`).join('');
    // Bytes are counted as UTF-16 units: these logs are ASCII.
    body.push(text.length <= leftBytes ? text : text.slice(0, leftBytes));
    leftBytes -= text.length;
    if (leftBytes <= 0) {
      body.end();
    }
  };
  // A line of this very millisecond counts as written: it was due before anything that happens now.
  let writtenUntilMs = request.endMs ?? Math.floor(clock.now()) + 1;
  write(readTail(source, request, writtenUntilMs));
  const wait = (): void => {
    const nowMs = clock.now();
    const [next] = source.lines(pod, container, writtenUntilMs, nowMs + MAX_WAIT_MS);
    timer = clock.schedule(Math.min(MAX_WAIT_MS, Math.max(1, (next?.timeMs ?? Infinity) - nowMs)), () => {
      timer?.dispose();
      const untilMs = Math.floor(clock.now()) + 1;
      // The wall clock may have gone back: then what was written stays written, and nothing comes until it is passed.
      if (untilMs > writtenUntilMs) {
        write(source.lines(pod, container, Math.max(writtenUntilMs, untilMs - KEPT_MS), untilMs));
        writtenUntilMs = untilMs;
      }
      if (!isRunning(currentPod(), request)) {
        body.end();
      } else if (leftBytes > 0 && !body.isClosed) {
        wait();
      }
    });
  };
  if (request.follow && request.endMs === undefined && leftBytes > 0) {
    wait();
  } else {
    body.end();
  }
  return toDisposable(() => timer?.dispose());
}

function readTail(source: PodLogSource, request: PodLogRequest, untilMs: number): readonly PodLogLine[] {
  const { pod, container, fromMs, tailLines } = request;
  if (tailLines === undefined) {
    return source.lines(pod, container, fromMs, untilMs);
  }
  const steps: (readonly PodLogLine[])[] = [];
  let count = 0;
  for (let endMs = untilMs; endMs > fromMs && count < tailLines; endMs -= TAIL_STEP_MS) {
    const lines = source.lines(pod, container, Math.max(fromMs, endMs - TAIL_STEP_MS), endMs);
    steps.push(lines);
    count += lines.length;
  }
  return steps
    .reverse()
    .flat()
    .slice(Math.max(0, count - tailLines));
}

/** Whether the instance still runs that a log is of. */
function isRunning(pod: KubeObject | undefined, { container, startedAtMs }: PodLogRequest): boolean {
  const state = pod && containersOf(pod).find(({ name }) => name === container)?.state;
  return state?.type === 'running' && state.startedAtMs === startedAtMs;
}
