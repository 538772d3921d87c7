import type { ReactElement } from 'react';
import type { Environment } from '../../src/protocol/summaryRow';
import { environmentText } from '../../src/texts/personaText';

export function EnvironmentTag(props: { readonly environment: Environment }): ReactElement {
  return <span className={`tag tag-${props.environment}`}>{environmentText(props.environment)}</span>;
}
