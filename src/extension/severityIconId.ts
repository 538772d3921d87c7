import type { Severity } from '../protocol/alert';

/** Name of the codicon of a severity. Each has a shape of its own, the same as in the panel. */
export function severityIconId(severity: Severity): string {
  switch (severity) {
    case 'critical':
      return 'error';
    case 'warning':
      return 'warning';
    case 'info':
      return 'info';
    default:
      return severity satisfies never;
  }
}
