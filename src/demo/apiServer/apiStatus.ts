import type { FieldError } from '../schema/fieldError';
import { qualifiedNameOf, type ApiResource } from './apiResource';

/** A metav1.Status that says what went wrong. */
export interface ApiStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  /** Absent where the server has no word for what went wrong. */
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly {
      readonly reason: string;
      readonly message: string;
      readonly field?: string;
    }[];
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

/** `reason` may be empty where the API has no word for what went wrong. */
export function failure(
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
    ...(reason !== '' && { reason }),
    ...(details !== undefined && { details }),
    code,
  };
}

export function badRequest(message: string): ApiStatus {
  return failure(400, 'BadRequest', message);
}

export function notFound(resource: ApiResource, name: string): ApiStatus {
  return failure(
    404,
    'NotFound',
    `${qualifiedNameOf(resource)} "${name}" not found`,
    detailsOf(resource, name),
  );
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

function detailsOf(resource: ApiResource, name: string) {
  return { name, ...(resource.group !== '' && { group: resource.group }), kind: resource.plural };
}

export function alreadyExists(resource: ApiResource, name: string): ApiStatus {
  return failure(
    409,
    'AlreadyExists',
    `${qualifiedNameOf(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

export function conflict(resource: ApiResource, name: string, why: string): ApiStatus {
  return failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedNameOf(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );
}

/** A deletion that was meant for another object of that name; it names the kind, not the resource. */
export function deletionConflict({ group, kind }: ApiResource, name: string, why: string): ApiStatus {
  return failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${group === '' ? kind : `${kind}.${group}`} "${name}": ${why}`,
    { name, ...(group !== '' && { group }), kind },
  );
}

export function methodNotSupported(resource: ApiResource, verb: string): ApiStatus {
  return failure(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${qualifiedNameOf(resource)}"`,
    { ...(resource.group !== '' && { group: resource.group }), kind: resource.plural },
  );
}

export function applyConflict(
  message: string,
  causes: NonNullable<ApiStatus['details']>['causes'],
): ApiStatus {
  return failure(409, 'Conflict', message, causes === undefined ? {} : { causes });
}

export function invalid(resource: ApiResource, name: string, errors: readonly FieldError[]): ApiStatus {
  return invalidKind(resource.kind, resource.group, name, errors);
}

/** Of an object whose kind is not the resource's, or is not known yet. */
export function invalidKind(
  kind: string,
  group: string,
  name: string,
  errors: readonly FieldError[],
): ApiStatus {
  return invalidStatus(group === '' ? kind : `${kind}.${group}`, name, errors, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(kind !== '' && { kind }),
  });
}

/** Parameters of a request are objects, too: `ListOptions`, `CreateOptions`, `UpdateOptions`, `PatchOptions`. */
export function invalidOptions(kind: string, errors: readonly FieldError[]): ApiStatus {
  return invalidKind(kind, 'meta.k8s.io', '', errors);
}

function invalidStatus(
  qualifiedKind: string,
  name: string,
  errors: readonly FieldError[],
  details: NonNullable<ApiStatus['details']>,
): ApiStatus {
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  return failure(
    422,
    'Invalid',
    `${qualifiedKind} "${name}" is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    { ...details, causes: errors.map(({ reason, message, field }) => ({ reason, message, field })) },
  );
}

/** A patch that was understood and cannot be carried out. */
export function unprocessable(): ApiStatus {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

/** Something is wrong that the server has no class of errors for. */
export function unclassified(message: string): ApiStatus {
  return failure(500, '', message);
}

export function notAcceptable(message: string): ApiStatus {
  return failure(406, 'NotAcceptable', message);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiStatus {
  return failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** The answer to a deletion that is done. */
export function deletedStatus(resource: ApiResource, name: string, uid: string | undefined) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...detailsOf(resource, name), ...(uid !== undefined && { uid }) },
  };
}

export function requestEntityTooLarge(why: string): ApiStatus {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);
}
