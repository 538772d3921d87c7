import assert from 'node:assert/strict';
import type * as v from 'valibot';
import { decode } from '../../../src/protocol/messages';
import { REQUESTS, type RequestMethod, type RequestResult } from '../../../src/protocol/requests';

/** The same table, with each method's result under its method's name for the compiler. */
const RESULTS: {
  readonly [M in RequestMethod]: { readonly result: v.GenericSchema<unknown, RequestResult<M>> };
} = REQUESTS;

/** An answer, which has to be what the protocol promises. */
export function decodeResult<M extends RequestMethod>(method: M, answer: unknown): RequestResult<M> {
  const decoded = decode(RESULTS[method].result, answer);
  assert.ok(decoded.ok, `not a result of ${method}: ${JSON.stringify(answer)}`);
  return decoded.value;
}
