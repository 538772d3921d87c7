import type { ReactElement } from 'react';

/** What a shape says, once more in colour. */
export type Tone = 'ok' | 'warning' | 'error' | 'muted' | 'plain';

export interface IconProps {
  /** Name of a codicon; a trailing `~spin` turns it. */
  readonly id: string;
  readonly tone?: Tone;
}

/** A codicon. It is hidden from screen readers: the word beside it says the same. */
export function Icon({ id, tone = 'plain' }: IconProps): ReactElement {
  const [name, modifier] = id.split('~');
  const spin = modifier === 'spin' ? ' codicon-modifier-spin' : '';
  return <i className={`codicon codicon-${name}${spin} tone-${tone}`} aria-hidden="true" />;
}
