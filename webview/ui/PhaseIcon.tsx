import type { ReactElement } from 'react';
import type { Health, Phase } from '../../src/protocol/summaryRow';
import { phaseLook } from './healthLook';
import { Icon } from './Icon';

/** Always stands beside the phase's word. */
export function PhaseIcon(props: { readonly phase: Phase; readonly health: Health }): ReactElement {
  const { icon, tone } = phaseLook(props.phase, props.health);
  return <Icon id={icon} tone={tone} />;
}
