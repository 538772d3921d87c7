export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function numberAt(value: object, name: string): number {
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  if (typeof found !== 'number') {
    throw new TypeError(`A test report without a number "${name}"`);
  }
  return found;
}

/** Decodes the JSON a test run leaves behind. */
export function parseCounts(json: string): TestCounts {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) {
    throw new TypeError('A test report that is no object');
  }
  return {
    passed: numberAt(value, 'passed'),
    failed: numberAt(value, 'failed'),
    skipped: numberAt(value, 'skipped'),
  };
}
