import { isRecord } from '../../../src/base/jsonRecord';

/**
 * The number that the bench's writes put into a status, one more with each write: it tells which write an object shows.
 * `undefined` where none did yet.
 */
export function sequenceOf(object: unknown): number | undefined {
  const status = isRecord(object) ? object['status'] : undefined;
  const value = isRecord(status) ? status['applicationCount'] : undefined;
  return typeof value === 'number' && value >= FIRST_SEQUENCE ? value : undefined;
}

/** Above anything that an operator counts, so that no write is taken for what was there before. */
export const FIRST_SEQUENCE = 1_000_000;

/** A merge patch of the status that leaves the number behind. */
export function sequencePatch(sequence: number): string {
  return JSON.stringify({ status: { applicationCount: sequence } });
}
