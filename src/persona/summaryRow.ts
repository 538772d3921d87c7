import { cutText } from '../base/cutText';
import type { SummaryRow } from '../protocol/summaryRow';
import type { ClusterPersona } from './clusterPersona';
import { countUnhealthyAddons, personaHealth } from './health';
import { countNodes } from './nodeCounts';

/** Lists of thousands of rows are sent at once: see {@link SummaryRow}. */
export const MAX_ROW_BYTES = 300;

/** Longer than any version in use (`v1.34.2-gke.1037000`), short enough for a build that reports a novel. */
const MAX_VERSION_CHARS = 32;

/** A shorter rest of a label tells nobody anything. */
const MIN_DISPLAY_NAME_CHARS = 8;

const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;
const QUOTES_BYTES = 2;

/**
 * The row of one persona, at most {@link MAX_ROW_BYTES} as JSON in UTF-8: first the display name is cut or left out,
 * then the version, then the figures that can be asked for. Only a source and name that alone fill the row (a name of
 * more than 200 characters) go beyond, since they are its identity.
 */
export function toSummaryRow(source: string, persona: ClusterPersona): SummaryRow {
  const nodes = countNodes(persona);
  const { status, spec } = persona;
  const addons = status?.addons;
  const base = { source, name: persona.name, phase: persona.phase, health: personaHealth(persona) };
  const figures = {
    ...base,
    ...(spec.environment !== undefined && { environment: spec.environment }),
    ...(nodes !== undefined && { nodesReady: nodes.ready, nodesTotal: nodes.total }),
    ...(addons !== undefined && {
      addonsInstalled: addons.reduce((count, addon) => count + (addon.installed === true ? 1 : 0), 0),
      addonsUnhealthy: countUnhealthyAddons(persona),
    }),
    ...(status?.applicationCount !== undefined && { applications: status.applicationCount }),
  };
  const version = status?.kubernetesVersion;
  const row: SummaryRow =
    version === undefined ? figures : { ...figures, kubernetesVersion: cutText(version, MAX_VERSION_CHARS) };
  const displayName = spec.name === persona.name ? undefined : spec.name;
  return [withDisplayName(row, displayName), row, figures, base].find(fits) ?? base;
}

function withDisplayName(row: SummaryRow, displayName: string | undefined): SummaryRow {
  if (displayName === undefined) {
    return row;
  }
  const budgetBytes = MAX_ROW_BYTES - byteLength({ ...row, displayName: '' });
  // No character takes less than a byte, so a longer text never fits whole; it may be a megabyte.
  if (displayName.length <= budgetBytes) {
    const whole = { ...row, displayName };
    if (fits(whole)) {
      return whole;
    }
  }
  let leftBytes = budgetBytes - ELLIPSIS_BYTES;
  let kept = '';
  let keptChars = 0;
  for (const char of displayName) {
    leftBytes -= encoder.encode(JSON.stringify(char)).byteLength - QUOTES_BYTES;
    if (leftBytes < 0) {
      break;
    }
    kept += char;
    keptChars += 1;
  }
  return keptChars < MIN_DISPLAY_NAME_CHARS ? row : { ...row, displayName: kept + ELLIPSIS };
}

const encoder = new TextEncoder();

function byteLength(row: SummaryRow): number {
  return encoder.encode(JSON.stringify(row)).byteLength;
}

function fits(row: SummaryRow): boolean {
  return byteLength(row) <= MAX_ROW_BYTES;
}
