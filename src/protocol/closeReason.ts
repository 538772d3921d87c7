import { redactServerText } from '../base/redact';
import { CLOSE_CODES } from './closeCodes';
import type { Problem, ProblemCode } from './problem';

/**
 * What a client does about a lost connection.
 * - `retry`: it tries again after a while
 * - `signIn`: it waits for other credentials, or for the user to ask for another try
 * - `change`: it waits for the user to ask for another try, once something was changed
 */
type Remedy = 'retry' | 'signIn' | 'change';

interface Meaning {
  readonly code: ProblemCode;
  readonly remedy: Remedy;
  /** One technical line, where the other side gives none. */
  readonly detail: string;
}

/**
 * Why a connection to a hub ended, and what follows from it.
 * - `goingAway`, `restarting`: the hub stops or is replaced
 * - `unauthorized`, `forbidden`: the credentials are not accepted, or do not suffice
 * - `tooSlow`: this side did not read, or could not send, as fast as was needed
 * - `tooMany`: the hub has as many connections, or was asked as often, as it takes
 * - `refused`: the hub did not understand what this side sent
 * - `tooLarge`: a message was longer than the other side takes
 * - `incompatible`: the hub speaks another version of the protocol
 * - `notAHub`: whoever answers speaks no protocol of ours
 * - `silent`: nothing was heard for too long
 * - `unreachable`: no connection came about
 * - `dns`, `tls`, `proxy`: nor did it, and it is known what kept it from that
 * - `insecure`: credentials would have travelled unencrypted
 * - `credentials`: there are none, or they could not be had
 * - `serverError`: the hub failed
 * - `lost`: the connection ended, and nobody said why
 */
const MEANINGS = {
  goingAway: { code: 'closed', remedy: 'retry', detail: 'the hub is going away' },
  restarting: { code: 'closed', remedy: 'retry', detail: 'the hub is restarting' },
  unauthorized: { code: 'unauthorized', remedy: 'signIn', detail: 'the hub does not accept the credentials' },
  forbidden: { code: 'forbidden', remedy: 'signIn', detail: 'the hub does not allow this' },
  tooSlow: { code: 'closed', remedy: 'retry', detail: 'too slow for what was to be sent' },
  tooMany: { code: 'throttled', remedy: 'retry', detail: 'the hub has too many connections' },
  refused: { code: 'badRequest', remedy: 'retry', detail: 'the hub did not understand a message' },
  tooLarge: { code: 'badRequest', remedy: 'change', detail: 'a message was too long' },
  incompatible: { code: 'unknownMessage', remedy: 'change', detail: 'the hub speaks another version' },
  notAHub: { code: 'malformed', remedy: 'retry', detail: 'what answers is not a hub' },
  silent: { code: 'unreachable', remedy: 'retry', detail: 'nothing was heard for too long' },
  unreachable: { code: 'unreachable', remedy: 'retry', detail: 'no connection came about' },
  dns: { code: 'dns', remedy: 'retry', detail: 'the name of the hub could not be resolved' },
  tls: { code: 'tls', remedy: 'retry', detail: 'the certificate of the hub is not trusted' },
  proxy: { code: 'proxy', remedy: 'retry', detail: 'a proxy lets nothing through' },
  insecure: { code: 'credentials', remedy: 'change', detail: 'a token is never sent unencrypted; use wss' },
  credentials: { code: 'credentials', remedy: 'signIn', detail: 'there are no credentials for this hub' },
  serverError: { code: 'serverError', remedy: 'retry', detail: 'the hub failed' },
  lost: { code: 'closed', remedy: 'retry', detail: 'the connection was lost' },
} as const satisfies Record<string, Meaning>;

export type CloseKind = keyof typeof MEANINGS;

export interface CloseReason {
  readonly kind: CloseKind;
  readonly problem: Problem;
  readonly remedy: Remedy;
  /** How long the other side asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Those of RFC 6455 and its registry which a hub does not use itself, but who stands before it may. */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

const KINDS: ReadonlyMap<number, CloseKind> = new Map([
  [CLOSE_CODES.goingAway, 'goingAway'],
  [CLOSE_CODES.protocolError, 'notAHub'],
  [CLOSE_CODES.unsupportedData, 'refused'],
  [CLOSE_CODES.invalidText, 'refused'],
  [POLICY_VIOLATION, 'forbidden'],
  [CLOSE_CODES.tooBig, 'tooLarge'],
  [CLOSE_CODES.internalError, 'serverError'],
  [CLOSE_CODES.serviceRestart, 'restarting'],
  [TRY_AGAIN_LATER, 'tooMany'],
  [CLOSE_CODES.badMessage, 'refused'],
  [CLOSE_CODES.unauthorised, 'unauthorized'],
  [CLOSE_CODES.forbidden, 'forbidden'],
  [CLOSE_CODES.timeout, 'tooSlow'],
  [CLOSE_CODES.tooMany, 'tooMany'],
  [CLOSE_CODES.unavailable, 'serverError'],
]);

const MAX_DETAIL_CHARS = 200;

/** `detail` may be foreign text: it becomes one line without secrets. Without one the usual one is taken. */
export function closeReason(kind: CloseKind, detail = '', retryAfterMs?: number): CloseReason {
  const { code, remedy, detail: usual } = MEANINGS[kind];
  const line = redactServerText(detail, MAX_DETAIL_CHARS);
  return {
    kind,
    problem: { code, detail: line === '' ? usual : line },
    remedy,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * What the other side's close means. `wasOpen`: messages had been exchanged before. `said` is its reason, which may be
 * anything. A browser tells 1006 for whatever went wrong below, a refused upgrade included.
 */
export function closeReasonOf(
  code: number,
  said: string,
  wasOpen: boolean,
  retryAfterMs?: number,
): CloseReason {
  const kind = KINDS.get(code) ?? (wasOpen ? 'lost' : 'unreachable');
  return closeReason(kind, said, retryAfterMs);
}
