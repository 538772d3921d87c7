import { SEVERITIES, type Severity } from '../../protocol/alert';

/** How many alerts last, and how bad they are; costs nothing to ask. */
export interface AlertCounts {
  readonly total: number;
  /** Undefined where there are none. */
  readonly worst: Severity | undefined;
}

export class AlertTally implements AlertCounts {
  readonly #bySeverity: Record<Severity, number> = { critical: 0, warning: 0, info: 0 };
  #total = 0;

  get total(): number {
    return this.#total;
  }

  get worst(): Severity | undefined {
    return SEVERITIES.find((severity) => this.#bySeverity[severity] > 0);
  }

  add(severity: Severity, by: 1 | -1): void {
    this.#bySeverity[severity] += by;
    this.#total += by;
  }
}

export const NO_ALERTS: AlertCounts = { total: 0, worst: undefined };
