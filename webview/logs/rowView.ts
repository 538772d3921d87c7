import { toDisposable } from '../../src/base/disposable';
import type { LogRow } from '../../src/protocol/podLog';
import { jumpedRow, rowId, type LogWindow, type LogWindowSnapshot, type RowKey } from '../realtime/logWindow';
import {
  atEnd,
  centered,
  revealed,
  rowsInSight,
  scrolledBy,
  type RowHeights,
  type RowPlace,
} from './rowPlace';

/** Of a row that was not laid out yet: one line. */
const LINE_PX = 20;
/**
 * Rows that are laid out beyond either edge, so that most true heights are known before they come into sight. Each costs as much as one
 * that is seen: laying out is most of what a jump takes.
 */
const OVERSCAN = 10;
/** So near to the end of what was read, more is. */
const MARGIN_ROWS = 120;
/** Less than a row: rounding of a zoomed view is no scrolling. */
const AT_END_PX = 4;

type RowSource = Pick<LogWindow, 'snapshot' | 'stay' | 'center' | 'follow' | 'jumpTo'>;

/** What is laid out, and what of it is in sight. */
export interface RowRange {
  /** Indexes within the rows of the snapshot: `from` to `until - 1` are laid out. */
  readonly from: number;
  readonly until: number;
  /** The topmost row in sight. */
  readonly top: number;
}

/**
 * Which rows of a window are in sight, and how it changes: the reader's place is a row and a distance in pixels. What comes,
 * goes or turns out to be of another height elsewhere moves nothing that is in sight. Knows no DOM: heights are told to it.
 */
export class RowView {
  readonly #source: RowSource;
  readonly #onChanged: () => void;
  readonly #heights = new Map<string, number>();
  #width = 0;
  #viewHeight = 0;
  #layout = '';
  /** Where the reader is, while the window does not follow. */
  #anchor: { readonly key: RowKey; readonly offset: number } | undefined;
  #doneJump = 0;
  #latest: LogWindowSnapshot;
  #place: RowPlace = { row: 0, offset: 0 };

  constructor(source: RowSource, onChanged: () => void) {
    this.#source = source;
    this.#onChanged = onChanged;
    this.#latest = source.snapshot();
  }

  get place(): RowPlace {
    return this.#place;
  }

  get viewHeight(): number {
    return this.#viewHeight;
  }

  /** The rows to lay out of a snapshot. */
  range(snapshot: LogWindowSnapshot): RowRange {
    this.#latest = snapshot;
    const rows = this.#rows(snapshot);
    this.#place = this.#placeIn(snapshot, rows);
    const { row } = this.#place;
    const inSight = Math.ceil(this.#viewHeight / LINE_PX);
    return {
      from: Math.max(0, row - OVERSCAN),
      until: Math.min(rows.end, row + inSight + OVERSCAN),
      top: row,
    };
  }

  /** Rows were laid out and are so high. Where what is in sight is another than was thought, it is to be laid out anew. */
  measured(heights: ReadonlyMap<string, number>): void {
    let isOther = false;
    for (const [id, height] of heights) {
      isOther ||= (this.#heights.get(id) ?? LINE_PX) !== height;
      this.#heights.set(id, height);
    }
    if (!isOther) {
      return;
    }
    const before = this.#place;
    this.#place = this.#placeIn(this.#latest, this.#rows(this.#latest));
    if (before.row !== this.#place.row || before.offset !== this.#place.offset) {
      this.#onChanged();
    }
  }

  /** Of another width rows have other heights. */
  resized(width: number, viewHeight: number): void {
    if (width !== this.#width) {
      this.#heights.clear();
    }
    this.#width = width;
    this.#viewHeight = viewHeight;
    this.#onChanged();
  }

  /** Rows are laid out in another way, which `layout` stands for, and have other heights. */
  laidOutAs(layout: string): void {
    if (layout !== this.#layout) {
      this.#layout = layout;
      this.#heights.clear();
      this.#onChanged();
    }
  }

  scrollBy(deltaPx: number): void {
    const rows = this.#rows(this.#latest);
    const { isFollowing, total, position } = this.#latest;
    if (rows.end === 0 || deltaPx === 0 || (isFollowing && deltaPx > 0)) {
      return;
    }
    const before = this.#place;
    const next = scrolledBy(before, deltaPx, rows);
    if (next.row === before.row && next.offset === before.offset && deltaPx < 0) {
      return;
    }
    this.#moveTo(next, rows);
    const isAllRead = position + rows.end >= total;
    if (deltaPx > 0 && isAllRead && isNear(next, atEnd(rows), rows)) {
      this.#source.follow();
    }
    this.#onChanged();
  }

  /** Brings a row into sight. */
  reveal(row: RowKey): void {
    const rows = this.#rows(this.#latest);
    const index = this.#indexOf(row);
    if (index < 0) {
      return;
    }
    const next = revealed(this.#place, index, rows);
    if (next !== this.#place) {
      this.#moveTo(next, rows);
      this.#onChanged();
    }
  }

  /** The row so many after (or before) another one, the nearest that is there; without one the first (or last) in sight. */
  neighbour(row: RowKey | undefined, by: number): LogRow | undefined {
    const { rows } = this.#latest;
    const index = row === undefined ? -1 : this.#indexOf(row);
    const edge =
      by > 0 ? this.#place.row : this.#place.row + rowsInSight(this.#place, this.#rows(this.#latest)) - 1;
    const from = index < 0 ? edge - by : index;
    return rows[Math.min(Math.max(0, from + by), rows.length - 1)];
  }

  /** Goes to a position among all rows; to the last of them by following. */
  goTo(position: number): void {
    const { total } = this.#latest;
    if (position >= total - this.inSight) {
      this.#source.follow();
    } else {
      this.#source.jumpTo({ position }, 'start');
    }
    this.#onChanged();
  }

  /** How many rows are in sight. */
  get inSight(): number {
    return Math.max(1, rowsInSight(this.#place, this.#rows(this.#latest)) - 1);
  }

  get topRow(): LogRow | undefined {
    return this.#latest.rows[this.#place.row];
  }

  /** Whether a row is in sight, so that leaving the end can begin there. */
  #indexOf(row: RowKey): number {
    const id = rowId(row);
    return this.#latest.rows.findIndex((other) => rowId(other) === id);
  }

  #moveTo(place: RowPlace, rows: RowHeights): void {
    const top = this.#latest.rows[place.row];
    if (top === undefined) {
      return;
    }
    this.#place = place;
    this.#anchor = { key: top, offset: place.offset };
    if (this.#latest.isFollowing) {
      this.#source.stay(top, this.#latest.rows.at(-1));
      return;
    }
    const { position, total } = this.#latest;
    const isNearStart = place.row < MARGIN_ROWS && position > 0;
    const isNearEnd = rows.end - place.row < MARGIN_ROWS && position + rows.end < total;
    if (isNearStart || isNearEnd) {
      this.#source.center(top);
    } else {
      this.#source.stay(top, undefined);
    }
  }

  #placeIn(snapshot: LogWindowSnapshot, rows: RowHeights): RowPlace {
    const { isFollowing, jump, rows: list, position } = snapshot;
    if (isFollowing || list.length === 0) {
      this.#anchor = undefined;
      return atEnd(rows);
    }
    if (jump !== undefined && jump.serial > this.#doneJump) {
      this.#doneJump = jump.serial;
      const target = jumpedRow(jump, list, position) ?? list[0];
      const index = target === undefined ? 0 : list.indexOf(target);
      const place =
        jump.align === 'center' ? centered(index, rows) : scrolledBy({ row: index, offset: 0 }, 0, rows);
      const top = list[place.row];
      this.#anchor = top === undefined ? undefined : { key: top, offset: place.offset };
      return place;
    }
    if (this.#anchor === undefined) {
      return this.#place.row < list.length ? scrolledBy(this.#place, 0, rows) : atEnd(rows);
    }
    const { key, offset } = this.#anchor;
    const id = rowId(key);
    const index = list.findIndex((row) => rowId(row) === id);
    // One that is there no more is on its way out: the window jumps to what is left.
    return scrolledBy(
      { row: index < 0 ? Math.min(this.#place.row, list.length - 1) : index, offset },
      0,
      rows,
    );
  }

  #rows({ rows, total }: LogWindowSnapshot): RowHeights {
    return {
      first: 0,
      end: rows.length,
      total,
      height: (index) => {
        const row = rows[index];
        return row === undefined ? LINE_PX : (this.#heights.get(rowId(row)) ?? LINE_PX);
      },
      viewHeight: this.#viewHeight,
    };
  }
}

function isNear(a: RowPlace, b: RowPlace, rows: RowHeights): boolean {
  let distance = b.offset - a.offset;
  for (let row = Math.min(a.row, b.row); row < Math.max(a.row, b.row); row += 1) {
    distance -= rows.height(row) * Math.sign(b.row - a.row);
  }
  return Math.abs(distance) <= AT_END_PX;
}

/** Calls back with the size of an element now and whenever it changes. */
export function onResize(element: HTMLElement, callback: (width: number, height: number) => void) {
  const observer = new ResizeObserver(() => callback(element.clientWidth, element.clientHeight));
  observer.observe(element);
  return toDisposable(() => observer.disconnect());
}
