import type { KubeObject } from '../../base/kubeObject';
import { seededRandom } from '../../base/random';
import type { PodLogLine, PodLogSource } from '../apiServer/podLogSource';
import { seedOf, wholeNumber } from '../chance';
import { nanoTime } from './logFormat';
import type { LogProgram } from './logProgram';

/** The lines of each slot of time are made together, from a seed of their own. */
const SLOT_MS = 1000;
const NS_PER_MS = 1_000_000;

/**
 * Logs that are never stored: what a container wrote in a second follows from the seed, its name and that second alone,
 * so that whoever asks, and whenever, reads the same.
 */
export class GeneratedPodLogs implements PodLogSource {
  readonly #seed: number;
  readonly #programOf: (pod: KubeObject, container: string) => LogProgram | undefined;

  constructor(seed: number, programOf: (pod: KubeObject, container: string) => LogProgram | undefined) {
    this.#seed = seed;
    this.#programOf = programOf;
  }

  lines(pod: KubeObject, container: string, fromMs: number, untilMs: number): readonly PodLogLine[] {
    const program = this.#programOf(pod, container);
    if (program === undefined) {
      return [];
    }
    const { namespace, name } = pod.metadata;
    const stream = `${this.#seed}/${namespace}/${name}/${container}`;
    const lines: PodLogLine[] = [];
    for (let slot = Math.floor(fromMs / SLOT_MS); slot * SLOT_MS < untilMs; slot += 1) {
      for (const line of slotLines(program, `${stream}/${slot}`, slot * SLOT_MS)) {
        if (line.timeMs >= fromMs && line.timeMs < untilMs) {
          lines.push(line);
        }
      }
    }
    return lines;
  }
}

function slotLines(program: LogProgram, slotName: string, startMs: number): readonly PodLogLine[] {
  const random = seededRandom(seedOf(slotName));
  // Between nothing and twice the average, so that it does not tick like a clock.
  const count = Math.floor(random.next() * 2 * program.linesPerSecond + random.next());
  const offsetsNs = Array.from({ length: count }, () => wholeNumber(random, 0, SLOT_MS * NS_PER_MS - 1));
  return offsetsNs
    .sort((a, b) => a - b)
    .map((offsetNs) => {
      const timeMs = startMs + Math.floor(offsetNs / NS_PER_MS);
      const nanos = String(offsetNs % NS_PER_MS).padStart(6, '0');
      return { timeMs, time: nanoTime(timeMs, nanos), text: program.line(random, timeMs, nanos) };
    });
}
