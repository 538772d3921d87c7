import { useId, type ReactElement, type ReactNode } from 'react';

export interface CardProps {
  readonly title: string;
  /** Stands at the end of the title's line. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled group of facts. */
export function Card({ title, aside, children }: CardProps): ReactElement {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <span className="card-aside">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
