/** A line of one of the streams of a view. */
export interface RowRef {
  readonly stream: number;
  readonly line: number;
}

/** What rows are ordered by: the key, and of equal keys by stream and line. Within a stream keys never fall. */
export type KeyOf = (stream: number, line: number) => number;

/** Runs in a block: what is moved when one is put between others. */
const BLOCK_RUNS = 512;

/** Rows that follow each other in one stream and in the order are one run. */
class RunBlock {
  readonly streams = new Uint32Array(BLOCK_RUNS);
  readonly lines = new Uint32Array(BLOCK_RUNS);
  readonly counts = new Uint32Array(BLOCK_RUNS);
  /** Of each run's first row. */
  readonly keys = new Float64Array(BLOCK_RUNS);
  runs = 0;
  rows = 0;

  insert(at: number, stream: number, line: number, count: number, key: number): void {
    const { runs } = this;
    if (at < runs) {
      this.streams.copyWithin(at + 1, at, runs);
      this.lines.copyWithin(at + 1, at, runs);
      this.counts.copyWithin(at + 1, at, runs);
      this.keys.copyWithin(at + 1, at, runs);
    }
    this.set(at, stream, line, count, key);
    this.runs = runs + 1;
    this.rows += count;
  }

  set(at: number, stream: number, line: number, count: number, key: number): void {
    this.streams[at] = stream;
    this.lines[at] = line;
    this.counts[at] = count;
    this.keys[at] = key;
  }

  /** Moves the runs from `at` on into a new block. */
  split(at: number): RunBlock {
    const rest = new RunBlock();
    for (let run = at; run < this.runs; run += 1) {
      rest.insert(rest.runs, this.stream(run), this.line(run), this.count(run), this.keys[run] ?? 0);
    }
    this.runs = at;
    this.rows -= rest.rows;
    return rest;
  }

  stream(run: number): number {
    return this.streams[run] ?? 0;
  }

  line(run: number): number {
    return this.lines[run] ?? 0;
  }

  count(run: number): number {
    return this.counts[run] ?? 0;
  }
}

interface Place {
  readonly block: number;
  readonly run: number;
  /** Rows of the run that are before the place. */
  readonly offset: number;
}

/**
 * Lines of several streams in one order, as runs in blocks: a stream alone costs next to nothing, and a line that comes late
 * is put where it belongs for the price of a block. Whether two lists of the same streams hold the same row or not, they agree on its place.
 */
export class RowList {
  readonly #keyOf: KeyOf;
  #blocks: RunBlock[] = [];
  #size = 0;

  constructor(keyOf: KeyOf) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Puts lines of one stream in, none of which is there: `count` from `line` on. Returns whether all of them came behind the
   * last row, so that no other row has moved.
   */
  add(stream: number, line: number, count: number): boolean {
    let next = line;
    let isLast = true;
    while (next < line + count) {
      const key = this.#keyOf(stream, next);
      if (this.#isBehindAll(key, stream, next)) {
        this.#append(stream, next, line + count - next, key);
        return isLast;
      }
      isLast = false;
      next += this.#insert(stream, next, line + count - next, key);
    }
    return isLast;
  }

  /** Takes the rows of a stream out that are before `next`; those of its lines from `first` on may be there, no earlier ones. */
  dropBefore(stream: number, first: number, next: number): void {
    const from = this.#keyOf(stream, first);
    const to = this.#keyOf(stream, next - 1);
    const kept: RunBlock[] = [];
    for (const [index, block] of this.#blocks.entries()) {
      const isBefore = (this.#blocks[index + 1]?.keys[0] ?? Number.POSITIVE_INFINITY) < from;
      if (!isBefore && (block.keys[0] ?? 0) <= to) {
        this.#size -= block.rows;
        dropFromBlock(block, stream, next, this.#keyOf);
        this.#size += block.rows;
      }
      if (block.runs > 0) {
        kept.push(block);
      }
    }
    this.#blocks = kept;
  }

  /** Rows from `position` on, at most `count`. */
  slice(position: number, count: number): RowRef[] {
    const rows: RowRef[] = [];
    let skip = Math.max(0, position);
    for (const block of this.#blocks) {
      if (skip >= block.rows) {
        skip -= block.rows;
        continue;
      }
      for (let run = 0; run < block.runs && rows.length < count; run += 1) {
        const runRows = block.count(run);
        if (skip >= runRows) {
          skip -= runRows;
          continue;
        }
        const take = Math.min(runRows - skip, count - rows.length);
        for (let row = 0; row < take; row += 1) {
          rows.push({ stream: block.stream(run), line: block.line(run) + skip + row });
        }
        skip = 0;
      }
      if (rows.length >= count) {
        break;
      }
    }
    return rows;
  }

  at(position: number): RowRef | undefined {
    return position < 0 ? undefined : this.slice(position, 1)[0];
  }

  /** How many rows come before a key, or before a row of it. */
  positionOf(key: number, stream = 0, line = 0): number {
    const { block, run, offset } = this.#place(key, stream, line);
    let position = offset;
    for (let index = 0; index < block; index += 1) {
      position += this.#blocks[index]?.rows ?? 0;
    }
    const counts = this.#blocks[block]?.counts;
    for (let index = 0; index < run; index += 1) {
      position += counts?.[index] ?? 0;
    }
    return position;
  }

  #isBehindAll(key: number, stream: number, line: number): boolean {
    const block = this.#blocks.at(-1);
    if (block === undefined) {
      return true;
    }
    const run = block.runs - 1;
    const lastStream = block.stream(run);
    const lastLine = block.line(run) + block.count(run) - 1;
    return compare(this.#keyOf(lastStream, lastLine), lastStream, lastLine, key, stream, line) < 0;
  }

  #append(stream: number, line: number, count: number, key: number): void {
    let block = this.#blocks.at(-1);
    this.#size += count;
    if (block !== undefined && extend(block, block.runs - 1, stream, line, count)) {
      return;
    }
    if (block === undefined || block.runs === BLOCK_RUNS) {
      block = new RunBlock();
      this.#blocks.push(block);
    }
    block.insert(block.runs, stream, line, count, key);
  }

  /** Puts as many of the lines in as belong before the next row that is there; returns how many. */
  #insert(stream: number, line: number, count: number, key: number): number {
    const { block: blockIndex, run, offset } = this.#place(key, stream, line);
    let block = this.#blocks[blockIndex];
    if (block === undefined) {
      throw new RangeError('a place is in a block');
    }
    let at = run;
    if (block.runs > BLOCK_RUNS - 2) {
      const middle = block.runs >>> 1;
      const rest = block.split(middle);
      this.#blocks.splice(blockIndex + 1, 0, rest);
      if (at >= middle) {
        block = rest;
        at -= middle;
      }
    }
    const nextStream = block.stream(at);
    const nextLine = block.line(at) + offset;
    const taken = this.#countBefore(
      stream,
      line,
      count,
      this.#keyOf(nextStream, nextLine),
      nextStream,
      nextLine,
    );
    this.#size += taken;
    if (offset > 0) {
      const total = block.count(at);
      block.counts[at] = offset;
      block.rows -= total - offset;
      block.insert(at + 1, nextStream, nextLine, total - offset, this.#keyOf(nextStream, nextLine));
      at += 1;
    }
    if (at === 0 || !extend(block, at - 1, stream, line, taken)) {
      block.insert(at, stream, line, taken, key);
    }
    return taken;
  }

  /** How many of the lines are before a row; at least one. */
  #countBefore(
    stream: number,
    line: number,
    count: number,
    key: number,
    nextStream: number,
    nextLine: number,
  ): number {
    let low = 1;
    let high = count;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const last = line + middle - 1;
      if (compare(this.#keyOf(stream, last), stream, last, key, nextStream, nextLine) < 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The first row that is not before this one; behind the last run where there is none. */
  #place(key: number, stream: number, line: number): Place {
    const blocks = this.#blocks;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = blocks[middle];
      if (
        block !== undefined &&
        compare(block.keys[0] ?? 0, block.stream(0), block.line(0), key, stream, line) < 0
      ) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const index = Math.max(0, low - 1);
    const block = blocks[index];
    if (block === undefined) {
      return { block: 0, run: 0, offset: 0 };
    }
    const run = lastRunBefore(block, key, stream, line);
    if (run < 0) {
      return { block: index, run: 0, offset: 0 };
    }
    const offset = this.#rowsBefore(block, run, key, stream, line);
    if (offset < block.count(run)) {
      return { block: index, run, offset };
    }
    return run + 1 < block.runs || index + 1 === blocks.length
      ? { block: index, run: run + 1, offset: 0 }
      : { block: index + 1, run: 0, offset: 0 };
  }

  #rowsBefore(block: RunBlock, run: number, key: number, stream: number, line: number): number {
    const runStream = block.stream(run);
    const first = block.line(run);
    let low = 0;
    let high = block.count(run);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#keyOf(runStream, first + middle), runStream, first + middle, key, stream, line) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

function lastRunBefore(block: RunBlock, key: number, stream: number, line: number): number {
  let low = 0;
  let high = block.runs;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(block.keys[middle] ?? 0, block.stream(middle), block.line(middle), key, stream, line) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** Whether the lines go on where a run ends, which then has them. */
function extend(block: RunBlock, run: number, stream: number, line: number, count: number): boolean {
  if (run < 0 || block.stream(run) !== stream || block.line(run) + block.count(run) !== line) {
    return false;
  }
  block.counts[run] = block.count(run) + count;
  block.rows += count;
  return true;
}

function dropFromBlock(block: RunBlock, stream: number, next: number, keyOf: KeyOf): void {
  let kept = 0;
  let rows = 0;
  for (let run = 0; run < block.runs; run += 1) {
    let line = block.line(run);
    let count = block.count(run);
    let key = block.keys[run] ?? 0;
    if (block.stream(run) === stream && line < next) {
      count = Math.max(0, line + count - next);
      line = next;
      key = count > 0 ? keyOf(stream, line) : key;
    }
    if (count > 0) {
      block.set(kept, block.stream(run), line, count, key);
      kept += 1;
      rows += count;
    }
  }
  block.runs = kept;
  block.rows = rows;
}

/** Negative where the first row comes before the second. */
function compare(
  keyA: number,
  streamA: number,
  lineA: number,
  keyB: number,
  streamB: number,
  lineB: number,
): number {
  return keyA - keyB || streamA - streamB || lineA - lineB;
}
