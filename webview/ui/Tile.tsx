import { useId, type ReactElement, type ReactNode } from 'react';
import { Changed } from './Changed';
import { unknownText } from './formatNumber';

export interface TileProps {
  readonly title: string;
  /** The figure; `undefined` where it is not known. */
  readonly value: string | undefined;
  /** Stands for the figure where there is none; "unknown" by default. */
  readonly absent?: string;
  /** What the figure is of. */
  readonly unit?: string | undefined;
  /** The same at more length, shown on hover. */
  readonly hint?: string | undefined;
  /** A small picture or a second line. */
  readonly children?: ReactNode;
}

/** One figure of the row that answers the first question. */
export function Tile(props: TileProps): ReactElement {
  const id = useId();
  const { value, absent = unknownText() } = props;
  return (
    <section className="tile" aria-labelledby={id} title={props.hint}>
      <h2 id={id}>{props.title}</h2>
      <div className="tile-figure">
        <span className={value === undefined ? 'tile-value tile-absent' : 'tile-value'}>
          <Changed value={value}>{value ?? absent}</Changed>
        </span>
        {props.unit !== undefined && <span className="muted">{props.unit}</span>}
      </div>
      <div className="tile-foot">{props.children}</div>
    </section>
  );
}
