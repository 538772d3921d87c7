import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { parseLabelSelector } from '../../../../src/demo/apiServer/labelSelector';

const WORDS = "consist of alphanumeric characters, '-', '_' or '.'";

describe('a label selector', () => {
  for (const [selector, labels, expected] of [
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['a=', { a: '' }, true],
    ['a == b , c', { a: 'b', c: '1' }, true],
    ['a!=b', {}, true],
    ['a in (b,)', { a: '' }, true],
    ['a notin (b)', {}, true],
    ['a>1,a<3', { a: '2' }, true],
    ['in=notin', { in: 'notin' }, true],
    ['valueOf', {}, false],
  ] as const) {
    it(`${selector} lets ${JSON.stringify(labels)} ${expected ? 'through' : 'not through'}`, () => {
      assert.equal(
        parseLabelSelector(selector).every((test) => test(labels)),
        expected,
      );
    });
  }

  for (const [selector, message] of [
    ['==', "found '==', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['/a', 'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty'],
    [
      `a=${'x'.repeat(64)}`,
      /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "x+": must be no more than 63 bytes$/,
    ],
    [
      'a/',
      new RegExp(
        `^unable to parse requirement: <nil>: Invalid value: "a/": name part must be non-empty; name part must ${WORDS}`,
      ),
    ],
    ['a/b/c', new RegExp(`: a valid label key must ${WORDS}`)],
  ] as const) {
    it(`is refused in the API server's words: ${selector}`, () => {
      assert.throws(
        () => parseLabelSelector(selector),
        (error) =>
          error instanceof ApiStatusError &&
          error.status.code === 400 &&
          (typeof message === 'string'
            ? error.status.message === message
            : message.test(error.status.message)),
      );
    });
  }
});
