import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { workerText } from './chunkScanWorker?worker';
import type { ScanQuestion } from './scanQuestion';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { ScanTooSlowError, SLOWEST_SCAN_MS, type ChunkScanner } from '../logs/chunkScanner';
import type { LogPattern, PatternSet, ScanRange } from '../logs/scanText';

/** A thread without work gives its memory back. */
const IDLE_MS = 60_000;
const HEAR_OUT_MS = 100;

const answerSchema = v.union([
  v.object({ id: v.number(), lines: v.instance(Uint32Array) }),
  v.object({ id: v.number(), marks: v.array(v.array(v.number())) }),
  v.object({ id: v.number(), error: v.string() }),
]);

type Answer = v.InferOutput<typeof answerSchema>;

interface Task {
  readonly question: ScanQuestion;
  readonly patterns: PatternSet | LogPattern;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Scans on a thread of its own, which reads the lines where they are. A pattern that takes too long ends the thread, and is
 * given up; what else was asked goes on in another one.
 */
export class WorkerScanner implements ChunkScanner {
  readonly #clock: Clock;
  readonly #sets = new WeakMap<PatternSet, number>();
  readonly #tooSlow = new WeakSet<PatternSet | LogPattern>();
  /** In the order in which the worker does them. */
  #tasks: Task[] = [];
  #worker: Worker | undefined;
  #isOnline = false;
  #timer: Disposable | undefined;
  #lastId = 0;
  #lastSet = 0;
  #isDisposed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly allocate = (byteLength: number): SharedArrayBuffer => new SharedArrayBuffer(byteLength);

  async scan(patterns: PatternSet, range: ScanRange): Promise<Uint32Array> {
    const answer = await this.#ask(patterns, (id) => ({ id, set: this.#setOf(patterns), patterns, range }));
    return 'lines' in answer ? answer.lines : new Uint32Array();
  }

  async marks(pattern: LogPattern, texts: readonly string[]): Promise<number[][]> {
    const answer = await this.#ask(pattern, (id) => ({ id, pattern, texts }));
    return 'marks' in answer ? answer.marks : [];
  }

  #ask(patterns: PatternSet | LogPattern, questionOf: (id: number) => ScanQuestion): Promise<Answer> {
    if (this.#tooSlow.has(patterns)) {
      return Promise.reject(new ScanTooSlowError());
    }
    if (this.#isDisposed) {
      return Promise.reject(new DOMException('the scanner was disposed', 'AbortError'));
    }
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const question = questionOf(this.#lastId);
      this.#tasks.push({ question, patterns, resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(question);
      if (this.#tasks.length === 1) {
        this.#watch();
      }
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#end();
    this.#timer?.dispose();
    for (const task of this.#tasks.splice(0)) {
      task.reject(new DOMException('the scanner was disposed', 'AbortError'));
    }
  }

  #setOf(patterns: PatternSet): number {
    let set = this.#sets.get(patterns);
    if (set === undefined) {
      this.#lastSet += 1;
      set = this.#lastSet;
      this.#sets.set(patterns, set);
    }
    return set;
  }

  #start(): Worker {
    const worker = new Worker(workerText, { eval: true, name: 'clusterpersona log search' });
    // Whoever waits for lines keeps the process alive, if anybody does.
    worker.unref();
    this.#isOnline = false;
    worker.on('online', () => {
      if (this.#worker === worker) {
        this.#isOnline = true;
        this.#watch();
      }
    });
    worker.on('message', (message: unknown) => this.#answered(worker, message));
    worker.on('error', (error) => this.#failed(worker, error));
    return worker;
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  /** The first task is under way, or there is none. */
  #watch(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#worker === undefined || this.#isDisposed) {
      return;
    }
    if (this.#tasks.length === 0) {
      this.#timer = this.#clock.schedule(IDLE_MS, () => this.#end());
    } else if (this.#isOnline) {
      this.#timer = this.#clock.schedule(SLOWEST_SCAN_MS, () => this.#hearOut());
    }
  }

  #answered(worker: Worker, message: unknown): void {
    const [task] = this.#tasks;
    if (worker !== this.#worker || task === undefined) {
      return;
    }
    const answer = v.parse(answerSchema, message);
    if (answer.id !== task.question.id) {
      return;
    }
    this.#tasks.shift();
    this.#watch();
    if ('error' in answer) {
      task.reject(new Error(answer.error));
    } else {
      task.resolve(answer);
    }
  }

  /** The answer may be there, and this thread was too busy to take it. */
  #hearOut(): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.schedule(HEAR_OUT_MS, () => this.#giveUpFirst());
  }

  #giveUpFirst(): void {
    const [first] = this.#tasks;
    if (first !== undefined) {
      this.#tooSlow.add(first.patterns);
      this.#startOver((task) => (task.patterns === first.patterns ? new ScanTooSlowError() : undefined));
    }
  }

  /** The thread ended by itself, as for want of memory: what it was doing is given up. */
  #failed(worker: Worker, error: Error): void {
    if (worker === this.#worker) {
      const [first] = this.#tasks;
      this.#startOver((task) => (task === first ? error : undefined));
    }
  }

  /** Goes on in another thread with those tasks of which nothing is wrong. */
  #startOver(wrongWith: (task: Task) => Error | undefined): void {
    this.#end();
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) {
      const error = wrongWith(task);
      if (error === undefined) {
        this.#tasks.push(task);
      } else {
        task.reject(error);
      }
    }
    if (this.#tasks.length > 0) {
      this.#worker = this.#start();
      for (const { question } of this.#tasks) {
        this.#worker.postMessage(question);
      }
    }
    this.#watch();
  }
}
