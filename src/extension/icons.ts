import { ThemeColor, ThemeIcon } from 'vscode';
import type { DemoScene } from '../demo/demoScene';
import type { AddonHealth } from '../persona/health';
import type { Severity } from '../protocol/alert';
import type { SourceKind, SourceState } from '../protocol/sourceState';
import type { Health, Phase } from '../protocol/summaryRow';
import { severityIconId } from './severityIconId';

/** Names of codicons: for rows and, as `$(name)`, for the status bar and menus. */
export function stateIconId(state: SourceState, kind: SourceKind): string {
  switch (state.type) {
    case 'live':
      return kind === 'demo' ? 'beaker' : 'vm-connect';
    case 'connecting':
    case 'syncing':
      return 'sync~spin';
    case 'stale':
    case 'reconnecting':
      return 'debug-disconnect';
    case 'unauthorized':
      return 'key';
    case 'forbidden':
      return 'lock';
    case 'notInstalled':
      return 'circle-slash';
    case 'failed':
      return 'error';
    case 'paused':
      return 'debug-pause';
    case 'idle':
      return 'plug';
    default:
      return state satisfies never;
  }
}

export function stateIcon(state: SourceState, kind: SourceKind): ThemeIcon {
  const color = stateColor(state);
  return new ThemeIcon(stateIconId(state, kind), color === undefined ? undefined : new ThemeColor(color));
}

function stateColor(state: SourceState): string | undefined {
  switch (state.type) {
    case 'live':
      return 'charts.green';
    case 'stale':
    case 'reconnecting':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return 'list.warningForeground';
    case 'failed':
      return 'list.errorForeground';
    case 'idle':
    case 'connecting':
    case 'syncing':
    case 'paused':
      return undefined;
    default:
      return state satisfies never;
  }
}

/** A phase by its shape first; colour repeats it. What contradicts the phase (a node down) shows as a warning too. */
export function personaIconId(phase: Phase, health: Health): string {
  if (phase === 'NotDiscovered') {
    return 'circle-outline';
  }
  if (phase === 'Discovering') {
    return 'search';
  }
  return healthIconId(health);
}

/** What is from before has its shape, and no colour. */
export function personaIcon(phase: Phase, health: Health, isCurrent = true): ThemeIcon {
  const id = personaIconId(phase, health);
  return isCurrent ? coloured(id, health) : new ThemeIcon(id, new ThemeColor('disabledForeground'));
}

export function healthIcon(health: AddonHealth): ThemeIcon {
  return coloured(healthIconId(health), health);
}

function healthIconId(health: AddonHealth): string {
  switch (health) {
    case 'ok':
      return 'pass';
    case 'warning':
      return 'warning';
    case 'error':
      return 'error';
    case 'unknown':
      return 'question';
    case 'notInstalled':
      return 'circle-outline';
    default:
      return health satisfies never;
  }
}

function coloured(id: string, health: AddonHealth): ThemeIcon {
  switch (health) {
    case 'ok':
      return new ThemeIcon(id, new ThemeColor('charts.green'));
    case 'warning':
      return new ThemeIcon(id, new ThemeColor('list.warningForeground'));
    case 'error':
      return new ThemeIcon(id, new ThemeColor('list.errorForeground'));
    case 'unknown':
    case 'notInstalled':
      return new ThemeIcon(id, new ThemeColor('descriptionForeground'));
    default:
      return health satisfies never;
  }
}

export function demoSceneIconId(scene: DemoScene): string {
  switch (scene) {
    case 'calm':
      return 'coffee';
    case 'incident':
      return 'flame';
    case 'upgrade':
      return 'arrow-circle-up';
    case 'storm':
      return 'zap';
    default:
      return scene satisfies never;
  }
}

/** The name of a theme colour for what is this bad; undefined where none is needed. */
export function severityColorId(severity: Severity): string | undefined {
  switch (severity) {
    case 'critical':
      return 'list.errorForeground';
    case 'warning':
      return 'list.warningForeground';
    case 'info':
      return undefined;
    default:
      return severity satisfies never;
  }
}

export function severityIcon(severity: Severity): ThemeIcon {
  const color = severityColorId(severity);
  return new ThemeIcon(severityIconId(severity), color === undefined ? undefined : new ThemeColor(color));
}
