const PERCENT = /^\s*(\d+(?:\.\d+)?)\s*(?:%\s*)?$/;

/** The number of a percentage written as `31`, `31%` or `31 %`; may be above 100. `undefined` for anything else. */
export function parsePercent(text: string | undefined): number | undefined {
  const match = text === undefined ? null : PERCENT.exec(text);
  if (match === null) {
    return undefined;
  }
  const value = Number(match[1]);
  return Number.isFinite(value) ? value : undefined;
}
