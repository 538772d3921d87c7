import type { SettingProblem } from './decodeSettings';

/** Which wrong values were told already: each is told once, until it is mended. */
export class ReportedProblems {
  #reported: ReadonlySet<string> = new Set();

  /** Those of all that are wrong now that nobody was told of. */
  take(problems: readonly SettingProblem[]): SettingProblem[] {
    const before = this.#reported;
    this.#reported = new Set(problems.map(keyOf));
    return problems.filter((problem) => !before.has(keyOf(problem)));
  }
}

function keyOf({ name, value }: SettingProblem): string {
  return `${name} ${valueText(value)}`;
}

/** A value as it stands in settings.json. NaN and the like, which cannot stand there, by their names. */
export function valueText(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
