import { isRecord } from './jsonRecord';

/** The parts of a `meta/v1` Status, the API server's account of a failure, that this project reads. */
export interface KubeStatus {
  /** The HTTP status that belongs to it; in a watch it stands only here. */
  readonly code?: number;
  /** A word for machines: NotFound, Forbidden, Expired, TooManyRequests, Timeout … */
  readonly reason?: string;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  /** `details.causes[].reason`, e.g. ResourceVersionTooLarge. */
  readonly causeReasons: readonly string[];
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads a parsed object, e.g. that of a watch's ERROR event; `undefined` when it is no Status. Never throws. */
export function decodeKubeStatus(value: unknown): KubeStatus | undefined {
  if (!isRecord(value) || value.kind !== 'Status') {
    return undefined;
  }
  const details = isRecord(value.details) ? value.details : {};
  const code = finite(value.code);
  const reason = text(value.reason);
  const message = text(value.message);
  const retryAfterSeconds = finite(details.retryAfterSeconds);
  const causes: readonly unknown[] = Array.isArray(details.causes) ? details.causes : [];
  return {
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    causeReasons: causes.flatMap((cause) => (isRecord(cause) ? (text(cause.reason) ?? []) : [])),
  };
}

/** Reads the body of a failed answer; `undefined` for plain text, as the API server writes for a path it does not serve. */
export function parseKubeStatus(body: string): KubeStatus | undefined {
  try {
    return decodeKubeStatus(JSON.parse(body));
  } catch {
    return undefined;
  }
}
