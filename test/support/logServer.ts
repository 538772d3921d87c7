import type { KubeFetch, KubeResponse } from '../../src/base/kubeFetch';
import { KubeTransportError } from '../../src/base/kubeFetch';
import { ScriptedBody } from '../unit/kube/scriptedKube';

interface Line {
  readonly time: string;
  readonly text: string;
}

/** What a node has of a container's log. */
interface ContainerLogs {
  current: Line[];
  previous: Line[] | undefined;
  readonly bodies: Set<ScriptedBody>;
  isOver: boolean;
}

const LOG_PATH = /^\/api\/v1\/namespaces\/[^/]+\/pods\/([^/]+)\/log$/;

/** Answers for pods' logs by the rules of a kubelet; containers are named `pod/container`. */
export class LogServer {
  readonly asked: { readonly container: string; readonly query: URLSearchParams }[] = [];
  readonly #logs = new Map<string, ContainerLogs>();
  readonly #refused = new Map<string, number>();
  readonly #silent = new Set<string>();
  /** Answers nobody. */
  isAway = false;

  readonly fetch: KubeFetch = (path, request) => {
    const url = new URL(path, 'http://cluster');
    const [, pod = ''] = LOG_PATH.exec(url.pathname) ?? [];
    const container = `${pod}/${url.searchParams.get('container') ?? ''}`;
    this.asked.push({ container, query: url.searchParams });
    if (request?.signal?.aborted === true) {
      return Promise.reject(request.signal.reason);
    }
    if (this.isAway) {
      return Promise.reject(new KubeTransportError('unreachable', 'refused'));
    }
    const status = this.#refused.get(container);
    if (status !== undefined) {
      return Promise.resolve(refusal(status, `the log of ${container} is refused`));
    }
    if (this.#silent.has(container)) {
      return new Promise((_, reject) =>
        request?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
      );
    }
    return Promise.resolve(this.#answer(container, url.searchParams, request?.signal));
  };

  get openBodies(): number {
    return [...this.#logs.values()].reduce((sum, { bodies }) => sum + bodies.size, 0);
  }

  write(container: string, ...lines: readonly Line[]): void {
    const log = this.#log(container);
    log.current.push(...lines);
    log.isOver = false;
    for (const body of log.bodies) {
      body.write(textOf(lines));
    }
  }

  /** A line of which only half has reached whoever follows. */
  writePart(container: string, line: Line): void {
    const log = this.#log(container);
    log.current.push(line);
    log.isOver = false;
    const text = textOf([line]);
    for (const body of log.bodies) {
      body.write(text.slice(0, text.length / 2));
    }
  }

  /** The container ends; what it wrote stays. */
  end(container: string): void {
    const log = this.#log(container);
    log.isOver = true;
    this.#close(log, (body) => body.end());
  }

  /** The container is started anew. */
  restart(container: string): void {
    const log = this.#log(container);
    log.previous = log.current;
    log.current = [];
    log.isOver = false;
    this.#close(log, (body) => body.end());
  }

  /** The node keeps the last `count` lines alone; whoever follows is not disturbed. */
  rotate(container: string, count: number): void {
    const log = this.#log(container);
    log.current = count === 0 ? [] : log.current.slice(-count);
  }

  /** Every connection ends, broken or cleanly. */
  cut(how: 'break' | 'end'): void {
    for (const log of this.#logs.values()) {
      this.#close(log, (body) =>
        how === 'end' ? body.end() : body.fail(new KubeTransportError('closed', 'the connection was reset')),
      );
    }
  }

  /** A node answers with the first line, and this container writes none. */
  silence(container: string): void {
    this.#silent.add(container);
  }

  refuse(container: string, status: number): void {
    this.#refused.set(container, status);
  }

  #answer(container: string, query: URLSearchParams, signal: AbortSignal | undefined): KubeResponse {
    const log = this.#log(container);
    const isPrevious = query.get('previous') === 'true';
    if (isPrevious && log.previous === undefined) {
      return refusal(400, `previous terminated container of ${container} not found`);
    }
    const all = (isPrevious ? log.previous : log.current) ?? [];
    const since = (query.get('sinceTime') ?? '').slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
    const lines = all.filter(({ time }) => time.slice(0, since.length) >= since);
    const tail = query.get('tailLines');
    const body = new ScriptedBody();
    const sent = tail === null ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail));
    if (sent.length > 0) {
      body.write(textOf(sent));
    }
    if (query.get('follow') !== 'true' || isPrevious || log.isOver) {
      body.end();
    } else {
      log.bodies.add(body);
      signal?.addEventListener('abort', () => {
        log.bodies.delete(body);
        const reason: unknown = signal.reason;
        body.fail(reason instanceof Error ? reason : new Error('aborted'));
      });
    }
    return { status: 200, header: () => undefined, body };
  }

  #close(log: ContainerLogs, close: (body: ScriptedBody) => void): void {
    for (const body of log.bodies) {
      close(body);
    }
    log.bodies.clear();
  }

  #log(container: string): ContainerLogs {
    let log = this.#logs.get(container);
    if (log === undefined) {
      log = { current: [], previous: undefined, bodies: new Set(), isOver: false };
      this.#logs.set(container, log);
    }
    return log;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ time, text }) => `${time} ${text}\n`).join('');
}

function refusal(status: number, message: string): KubeResponse {
  const body = new ScriptedBody().write(JSON.stringify({ kind: 'Status', code: status, message })).end();
  return { status, header: () => undefined, body };
}
