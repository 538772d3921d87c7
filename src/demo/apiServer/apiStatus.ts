import { qualifiedNameOf, type ApiResource } from './apiResource';

/** A metav1.Status that says what went wrong. */
export interface ApiStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly { readonly reason: string; readonly message: string }[];
    readonly retryAfterSeconds?: number;
  };
  /** The HTTP status. */
  readonly code: number;
}

/** An answer other than success, on its way through `throw`. */
export class ApiStatusError extends Error {
  readonly code = 'apiStatus';
  readonly status: ApiStatus;

  constructor(status: ApiStatus) {
    super(status.message);
    this.name = 'ApiStatusError';
    this.status = status;
  }
}

function failure(
  code: number,
  reason: string,
  message: string,
  details?: NonNullable<ApiStatus['details']>,
): ApiStatus {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details !== undefined && { details }),
    code,
  };
}

export function badRequest(message: string): ApiStatus {
  return failure(400, 'BadRequest', message);
}

export function notFound(resource: ApiResource, name: string): ApiStatus {
  return failure(404, 'NotFound', `${qualifiedNameOf(resource)} "${name}" not found`, {
    name,
    ...(resource.group !== '' && { group: resource.group }),
    kind: resource.plural,
  });
}

export function methodNotAllowed(): ApiStatus {
  return failure(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function expired(message: string): ApiStatus {
  return failure(410, 'Expired', message);
}

/** The answer of a server that does not stream lists. */
export function sendInitialEventsForbidden(resource: ApiResource): ApiStatus {
  return failure(
    422,
    'Invalid',
    'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is not supported here',
    { group: 'meta.k8s.io', kind: `ListOptions for ${resource.kind}` },
  );
}

export function resourceVersionTooLarge(requested: number, current: number): ApiStatus {
  const message = `Too large resource version: ${requested}, current: ${current}`;
  return failure(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function serviceFailure(): ApiStatus {
  return failure(500, 'InternalError', 'Internal error occurred: the demo cluster failed', {});
}
