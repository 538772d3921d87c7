import type { RowFilter, SummaryRow } from '../protocol/summaryRow';

/** Whether a row is one of those that are asked for: every field that is given has to fit. */
export function fitsFilter(row: SummaryRow, { environment, phase, health, name }: RowFilter): boolean {
  return (
    (environment === undefined || environment.some((one) => one === row.environment)) &&
    (phase === undefined || phase.includes(row.phase)) &&
    (health === undefined || health.includes(row.health)) &&
    (name === undefined || hasText(row, name.toLowerCase()))
  );
}

function hasText({ name, displayName = '' }: SummaryRow, text: string): boolean {
  return name.toLowerCase().includes(text) || displayName.toLowerCase().includes(text);
}
