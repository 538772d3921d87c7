import * as v from 'valibot';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';

/** A parameter that may be given several times. */
export const repeatable = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((values) => [values].flat()),
);

/** Throws `badRequest` for a query of a URL that is not as the schema says. Parameters that are not known are left out. */
export function decodeQuery<const S extends v.GenericSchema>(schema: S, query: unknown): v.InferOutput<S> {
  const decoded = decode(schema, query);
  if (!decoded.ok) {
    throw new ProblemError({ code: 'badRequest', detail: `the query: ${decoded.problem.detail}` });
  }
  return decoded.value;
}
