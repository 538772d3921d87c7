import * as l10n from '@vscode/l10n';
import { useLayoutEffect, useRef, type PointerEvent, type ReactElement } from 'react';
import { positionOfThumb, thumbShape } from './rowPlace';

/** Smaller ones are hard to hit. */
const MIN_THUMB_PX = 24;

export interface RowScrollBarProps {
  /** Id of what it scrolls. */
  readonly controls: string;
  /** Of the topmost row in sight, among `total`. */
  readonly position: number;
  readonly inSight: number;
  readonly total: number;
  readonly onMove: (position: number) => void;
}

/** A scroll bar that goes by rows. A click goes there; a drag takes along what is there. */
export function RowScrollBar({
  controls,
  position,
  inSight,
  total,
  onMove,
}: RowScrollBarProps): ReactElement {
  const bar = useRef<HTMLDivElement>(null);
  const thumb = useRef<HTMLDivElement>(null);
  /** How far below the upper edge of the thumb it was taken, in pixels; undefined while it is not. */
  const held = useRef<number>(undefined);

  useLayoutEffect(() => {
    if (bar.current === null || thumb.current === null) {
      return;
    }
    const height = bar.current.clientHeight;
    const { top, size } = thumbShape(
      position,
      inSight,
      total,
      Math.min(1, MIN_THUMB_PX / Math.max(1, height)),
    );
    thumb.current.style.height = `${size * height}px`;
    thumb.current.style.transform = `translateY(${top * height}px)`;
    thumb.current.hidden = size >= 1;
  });

  const moveTo = (event: PointerEvent, takenAt: number): void => {
    if (bar.current === null || thumb.current === null) {
      return;
    }
    const { top, height } = bar.current.getBoundingClientRect();
    const size = thumb.current.clientHeight / Math.max(1, height);
    onMove(positionOfThumb((event.clientY - top - takenAt) / Math.max(1, height), size, inSight, total));
  };
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0 || thumb.current === null) {
      return;
    }
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = thumb.current.getBoundingClientRect();
    const isOnThumb = event.clientY >= box.top && event.clientY < box.bottom;
    held.current = isOnThumb ? event.clientY - box.top : box.height / 2;
    if (!isOnThumb) {
      moveTo(event, held.current);
    }
  };
  return (
    <div
      ref={bar}
      className="rows-bar"
      role="scrollbar"
      tabIndex={-1}
      aria-label={l10n.t('Place in the log')}
      aria-controls={controls}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, total - inSight)}
      aria-valuenow={Math.min(position, Math.max(0, total - inSight))}
      onPointerDown={down}
      onPointerMove={(event) => held.current !== undefined && moveTo(event, held.current)}
      onPointerUp={() => (held.current = undefined)}
      onLostPointerCapture={() => (held.current = undefined)}
    >
      <div className="rows-thumb" ref={thumb} />
    </div>
  );
}
