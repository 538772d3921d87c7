/** What is in sight: the row at the top, by its position, and where its upper edge is, in CSS pixels below that of the view. */
export interface RowPlace {
  readonly row: number;
  readonly offset: number;
}

/** The rows that are there, `first` to `end - 1` of those at positions `0` to `total - 1`, and how high each is. */
export interface RowHeights {
  readonly first: number;
  readonly end: number;
  readonly total: number;
  readonly height: (row: number) => number;
  readonly viewHeight: number;
}

/**
 * The place after scrolling down by `delta` pixels (up where it is negative): the topmost row that is in sight, kept within the
 * rows that are there. A place is a row and not a distance from the first, so that heights which are not known yet, and rows
 * that come or go above, move nothing that is in sight.
 */
export function scrolledBy(place: RowPlace, delta: number, rows: RowHeights): RowPlace {
  const { first, end, height, viewHeight } = rows;
  if (end <= first) {
    return { row: first, offset: 0 };
  }
  let row = Math.min(Math.max(place.row, first), end - 1);
  let offset = place.offset - delta;
  // Down to the row that covers the upper edge.
  while (offset > 0 && row > first) {
    row -= 1;
    offset -= height(row);
  }
  offset = Math.min(offset, 0);
  while (offset + height(row) <= 0 && row < end - 1) {
    offset += height(row);
    row += 1;
  }
  // The last row ends at the lower edge at the highest.
  let below = offset;
  for (let next = row; next < end && below < viewHeight; next += 1) {
    below += height(next);
  }
  if (below < viewHeight) {
    return atEnd(rows);
  }
  return { row, offset };
}

/** The place that shows the last rows that are there; those that do not fill the view begin at its top. */
export function atEnd({ first, end, height, viewHeight }: RowHeights): RowPlace {
  let row = end;
  let offset = viewHeight;
  while (row > first && offset > 0) {
    row -= 1;
    offset -= height(row);
  }
  return { row: Math.min(row, Math.max(first, end - 1)), offset: Math.min(offset, 0) };
}

/** The place that has a row in the middle of the view, or as near to it as its neighbours allow. */
export function centered(row: number, rows: RowHeights): RowPlace {
  const offset = Math.max(0, (rows.viewHeight - rows.height(row)) / 2);
  return scrolledBy({ row, offset }, 0, rows);
}

/** Scrolls as little as brings a row into sight whole, or its upper edge where it is higher than the view. */
export function revealed(place: RowPlace, row: number, rows: RowHeights): RowPlace {
  if (row < place.row || (row === place.row && place.offset < 0)) {
    return scrolledBy({ row, offset: 0 }, 0, rows);
  }
  let top = place.offset;
  for (let next = place.row; next < row; next += 1) {
    top += rows.height(next);
  }
  const beyond = top + rows.height(row) - rows.viewHeight;
  return beyond > 0 ? scrolledBy(place, Math.min(beyond, top), rows) : place;
}

/** How many whole rows fit from the place on. */
export function rowsInSight(place: RowPlace, rows: RowHeights): number {
  let bottom = place.offset;
  let count = 0;
  for (let row = place.row; row < rows.end && bottom < rows.viewHeight; row += 1) {
    bottom += rows.height(row);
    count += 1;
  }
  return count;
}

/** The scroll bar, in shares of its length. */
export interface ThumbShape {
  readonly top: number;
  readonly size: number;
}

/** Where the thumb of a scroll bar is that goes by rows: however many there are, it never runs out of pixels. */
export function thumbShape(position: number, inSight: number, total: number, minSize: number): ThumbShape {
  if (total <= inSight || total === 0) {
    return { top: 0, size: 1 };
  }
  const size = Math.max(minSize, Math.min(1, inSight / total));
  const share = Math.min(1, Math.max(0, position / (total - inSight)));
  return { top: share * (1 - size), size };
}

/** The position that a thumb stands for whose upper edge is at `top`, in shares of the bar's length. */
export function positionOfThumb(top: number, size: number, inSight: number, total: number): number {
  const share = size >= 1 ? 0 : Math.min(1, Math.max(0, top / (1 - size)));
  return Math.round(share * Math.max(0, total - inSight));
}
