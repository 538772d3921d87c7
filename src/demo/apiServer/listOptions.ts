import { forbidden, notSupported, type FieldError } from '../schema/fieldError';
import { ApiStatusError, badRequest, invalidOptions, unclassified } from './apiStatus';
import { queryFlag, queryInteger } from './queryParameter';

/** The query of a list or a watch, checked by the rules of the API. */
export interface ListOptions {
  /** `undefined` where the newest state will do; never 0, which says the same here. */
  readonly revision: number | undefined;
  readonly match: 'Exact' | 'NotOlderThan' | undefined;
  /** 0: no limit. */
  readonly limit: number;
  readonly continueToken: string;
  readonly sendInitialEvents: boolean;
  readonly allowBookmarks: boolean;
  readonly timeoutSeconds: number;
}

/** Throws {@link ApiStatusError} for options that are wrong, or do not go together. */
export function parseListOptions(query: URLSearchParams): ListOptions {
  const isWatch = queryFlag(query, 'watch');
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const limit = Math.max(0, queryInteger(query, 'limit') ?? 0);
  const timeoutSeconds = Math.max(0, queryInteger(query, 'timeoutSeconds') ?? 0);
  const sendInitialEvents = queryFlag(query, 'sendInitialEvents');
  const continueToken = query.get('continue') ?? '';
  const errors = isWatch
    ? watchErrors(match, sendInitialEvents)
    : listErrors(version, match, continueToken, query.has('sendInitialEvents'));
  if (errors.length > 0) {
    throw new ApiStatusError(invalidOptions('ListOptions', errors));
  }
  return {
    revision: parseRevision(version, isWatch),
    match: match === 'Exact' || match === 'NotOlderThan' ? match : undefined,
    limit,
    continueToken,
    sendInitialEvents,
    allowBookmarks: queryFlag(query, 'allowWatchBookmarks'),
    timeoutSeconds,
  };
}

const MATCHES = ['Exact', 'NotOlderThan', ''];

function listErrors(
  version: string,
  match: string,
  continueToken: string,
  hasInitialEvents: boolean,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const refuseMatch = (why: string): number => errors.push(forbidden('resourceVersionMatch', why));
  if (hasInitialEvents) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (match !== '') {
    if (version === '') {
      refuseMatch('resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    if (continueToken !== '') {
      refuseMatch('resourceVersionMatch is forbidden when continue is provided');
    }
    if (!MATCHES.includes(match)) {
      errors.push(notSupported('resourceVersionMatch', match, MATCHES));
    }
    if (match === 'Exact' && version === '0') {
      refuseMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  return errors;
}

function watchErrors(match: string, sendInitialEvents: boolean): readonly FieldError[] {
  if (sendInitialEvents && match !== 'NotOlderThan') {
    return [
      forbidden(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    ];
  }
  return !sendInitialEvents && match !== ''
    ? [
        forbidden(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        ),
      ]
    : [];
}

function parseRevision(version: string, isWatch: boolean): number | undefined {
  if (version === '' || version === '0') {
    return undefined;
  }
  if (!/^\d{1,15}$/.test(version)) {
    const quoted = JSON.stringify(version);
    const message = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
    throw new ApiStatusError(
      isWatch ? unclassified(message) : badRequest(`invalid resource version: ${message}`),
    );
  }
  return Number(version);
}
