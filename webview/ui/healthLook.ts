import type { Health, Phase } from '../../src/protocol/summaryRow';
import type { Tone } from './Icon';

/** Shape and colour of a state; every state has a shape of its own, so that colour only repeats it. */
export interface Look {
  readonly icon: string;
  readonly tone: Tone;
}

/** `notInstalled` is for add-ons: there is nothing to be well or ill. */
export function healthLook(health: Health | 'notInstalled'): Look {
  switch (health) {
    case 'ok':
      return { icon: 'pass', tone: 'ok' };
    case 'warning':
      return { icon: 'warning', tone: 'warning' };
    case 'error':
      return { icon: 'error', tone: 'error' };
    case 'unknown':
      return { icon: 'question', tone: 'muted' };
    case 'notInstalled':
      return { icon: 'circle-large', tone: 'muted' };
    default:
      return health satisfies never;
  }
}

/** A phase, and what contradicts it: a cluster that reports `Ready` with a node down looks like a warning. */
export function phaseLook(phase: Phase, health: Health): Look {
  switch (phase) {
    case 'NotDiscovered':
      return { icon: 'circle-large', tone: 'muted' };
    case 'Discovering':
      return { icon: 'search', tone: 'muted' };
    case 'Ready':
    case 'Degraded':
    case 'Unknown':
      return healthLook(health);
    default:
      return phase satisfies never;
  }
}
