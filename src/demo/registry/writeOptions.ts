import { ApiStatusError, invalidOptions } from '../apiServer/apiStatus';
import { notSupported, requiredValue } from '../schema/fieldError';

/** How something is to be written. */
export interface WriteOptions {
  /** Who owns the fields that are written. */
  readonly manager: string;
  readonly isDryRun: boolean;
  /** What becomes of fields nobody knows: an error, a warning, or nothing. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** For server-side apply: fields of others are taken over. */
  readonly force: boolean;
}

const FIELD_VALIDATIONS = ['Ignore', 'Strict', 'Warn'] as const;

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions';

/** Reads the query of a write. Throws {@link ApiStatusError}. */
export function parseWriteOptions(
  kind: OptionsKind,
  query: URLSearchParams,
  userAgent: string | undefined,
): WriteOptions {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const known = FIELD_VALIDATIONS.find((candidate) => candidate === fieldValidation);
  const errors = [
    ...(dryRun.some((value) => value !== 'All') ? [notSupported('dryRun', dryRun, ['All'])] : []),
    ...(known === undefined
      ? [notSupported('fieldValidation', fieldValidation, ['', ...FIELD_VALIDATIONS])]
      : []),
  ];
  if (errors.length > 0 || known === undefined) {
    throw new ApiStatusError(invalidOptions(kind, errors));
  }
  const force = query.get('force');
  return {
    manager: query.get('fieldManager') || managerOf(userAgent),
    isDryRun: dryRun.length > 0,
    fieldValidation: known,
    force: force !== null && force !== 'false' && force !== '0',
  };
}

/** An apply must say who applies. Throws {@link ApiStatusError}. */
export function requireFieldManager(query: URLSearchParams): void {
  if ((query.get('fieldManager') ?? '') === '') {
    throw new ApiStatusError(
      invalidOptions('PatchOptions', [requiredValue('fieldManager', 'is required for apply patch')]),
    );
  }
}

/** The program's name in its user agent, as the API server names a manager that does not name itself. */
function managerOf(userAgent: string | undefined): string {
  return userAgent?.split('/', 1)[0] || 'unknown';
}
