import type { Disposable } from '../../base/disposable';
import type { ResponseBody } from './responseBody';
import { warningHeader } from './warningHeader';

/** Writes the body of an answer as time goes by; disposed when nobody reads it any more. */
export type Stream = (body: ResponseBody) => Disposable;

/** What the server says to a request, before anybody reads it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text to be drawn piece by piece, or something that goes on. */
  readonly body: Iterable<string> | Stream;
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain; charset=utf-8';

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, contentType: JSON_TYPE, body: [`${JSON.stringify(value)}\n`] };
}

export function textAnswer(status: number, text: string): Answer {
  return { status, contentType: TEXT_TYPE, body: [text] };
}

/** Pieces of JSON in any of the forms of an object. */
export function objectAnswer(pieces: Iterable<string> | Stream, status = 200): Answer {
  return { status, contentType: JSON_TYPE, body: pieces };
}

/** Where the path is none of the API, the answer is no Status. */
export const PATH_NOT_FOUND: Answer = textAnswer(404, '404 page not found\n');

/** Go's HTTP server says it before the API is asked. */
export const PATH_MALFORMED: Answer = textAnswer(400, '400 Bad Request');

export function withWarnings(answer: Answer, warnings: readonly string[]): Answer {
  const warning = warningHeader(warnings);
  return warning === undefined ? answer : { ...answer, headers: { ...answer.headers, warning } };
}
