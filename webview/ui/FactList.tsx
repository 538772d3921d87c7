import type { ReactElement, ReactNode } from 'react';
import { withKeys } from './withKeys';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and what they stand for. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }): ReactElement {
  return (
    <div className="facts-columns">
      <dl className="facts">
        {withKeys(facts, ({ label }) => label).map(({ item: { label, value }, key }) => (
          <div key={key} className="fact">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
