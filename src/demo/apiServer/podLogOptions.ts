import { forbidden, invalidValue, type FieldError } from '../schema/fieldError';
import { ApiStatusError, badRequest, invalidKind } from './apiStatus';
import { queryFlag, queryInteger } from './queryParameter';

/** The query of a request for a log, checked by the rules of the API. */
export interface PodLogOptions {
  /** Empty where the pod's only one is meant. */
  readonly container: string;
  readonly previous: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
  readonly sinceSeconds: number | undefined;
  readonly sinceTimeMs: number | undefined;
}

/** Throws {@link ApiStatusError}. */
export function parsePodLogOptions(query: URLSearchParams, podName: string): PodLogOptions {
  const tailLines = queryInteger(query, 'tailLines');
  const limitBytes = queryInteger(query, 'limitBytes');
  const sinceSeconds = queryInteger(query, 'sinceSeconds');
  const sinceTimeMs = parseTime(query.get('sinceTime') ?? '');
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0) {
    errors.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  }
  if (limitBytes !== undefined && limitBytes < 1) {
    errors.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  }
  if (sinceSeconds !== undefined && sinceTimeMs !== undefined) {
    errors.push(forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    errors.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  }
  if (errors.length > 0) {
    throw new ApiStatusError(invalidKind('PodLogOptions', '', podName, errors));
  }
  return {
    container: query.get('container') ?? '',
    previous: queryFlag(query, 'previous'),
    follow: queryFlag(query, 'follow'),
    timestamps: queryFlag(query, 'timestamps'),
    tailLines,
    limitBytes,
    sinceSeconds,
    sinceTimeMs,
  };
}

function parseTime(text: string): number | undefined {
  if (text === '') {
    return undefined;
  }
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) {
    throw new ApiStatusError(badRequest(`sinceTime: ${JSON.stringify(text)} is no RFC 3339 time`));
  }
  return timeMs;
}
