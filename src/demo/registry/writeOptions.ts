import { ApiStatusError, invalidOptions } from '../apiServer/apiStatus';
import { queryFlag } from '../apiServer/queryParameter';
import { invalidValue, notSupported, requiredValue, tooLong, type FieldError } from '../schema/fieldError';

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

/** Reads the query of a write; an apply is a patch of its own kind. Throws {@link ApiStatusError}. */
export function parseWriteOptions(
  kind: OptionsKind,
  query: URLSearchParams,
  userAgent: string | undefined,
  isApply = false,
): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  const known = FIELD_VALIDATIONS.find((candidate) => candidate === fieldValidation);
  const fieldManager = query.get('fieldManager') ?? '';
  const errors = [
    ...fieldManagerErrors(fieldManager, isApply),
    ...dryRunErrors(dryRun),
    ...(known === undefined
      ? [notSupported('fieldValidation', fieldValidation, ['', ...FIELD_VALIDATIONS])]
      : []),
  ];
  if (errors.length > 0 || known === undefined) {
    throw new ApiStatusError(invalidOptions(kind, errors));
  }
  return {
    manager: fieldManager || managerOf(userAgent),
    isDryRun: dryRun.length > 0,
    fieldValidation: known,
    force: queryFlag(query, 'force'),
  };
}

/** All stages of a write are skipped together, or none. */
export function dryRunErrors(dryRun: readonly string[]): readonly FieldError[] {
  return dryRun.some((value) => value !== 'All') ? [notSupported('dryRun', dryRun, ['All'])] : [];
}

const MAX_MANAGER_BYTES = 128;

/** An apply must say who applies. */
function fieldManagerErrors(manager: string, isApply: boolean): readonly FieldError[] {
  const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u.exec(manager);
  return [
    ...(isApply && manager === '' ? [requiredValue('fieldManager', 'is required for apply patch')] : []),
    ...(new TextEncoder().encode(manager).length > MAX_MANAGER_BYTES
      ? [tooLong('fieldManager', MAX_MANAGER_BYTES)]
      : []),
    ...(unprintable === null
      ? []
      : [
          invalidValue(
            'fieldManager',
            manager,
            `invalid character ${codePointOf(unprintable[0])} (at position ${unprintable.index})`,
          ),
        ]),
  ];
}

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The program's name in its user agent, as the API server names a manager that does not name itself. */
function managerOf(userAgent: string | undefined): string {
  return userAgent?.split('/', 1)[0] || 'unknown';
}
