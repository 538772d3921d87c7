import * as fc from 'fast-check';

/** Few of them, so that patterns and topics meet; some that mean something to JavaScript or to careless code. */
const segment = fc.constantFrom(
  'cluster',
  'a',
  'b',
  'constructor',
  '__proto__',
  '%2E',
  '%2A',
  '***',
  '0',
  '-1',
  'ä',
);

/** Topics may have empty segments, and some that look like a pattern's. */
export const topics = fc
  .array(fc.oneof({ weight: 9, arbitrary: segment }, fc.constantFrom('', '*', '**')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((segments) => segments.join('.'));

export const patterns = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: segment },
      { weight: 2, arbitrary: fc.constant('*') },
      { weight: 3, arbitrary: fc.constant('**') },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((segments) => segments.join('.'));
