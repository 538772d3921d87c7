import assert from 'node:assert/strict';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';
import { parseJson, parseYaml, textOfBody } from '../../../../src/demo/registry/requestBody';

function refused(message: RegExp) {
  return (error: unknown) =>
    error instanceof ApiStatusError && error.status.code === 400 && message.test(error.status.message);
}

describe('the body of a request', () => {
  it('may be a thousand levels deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.doesNotThrow(() => parseJson(nested(1000), 'unreadable'));
    for (const depth of [1002, 500_000]) {
      assert.throws(
        () => parseJson(nested(depth), 'unreadable'),
        refused(/^unreadable: exceeded max depth$/),
      );
      assert.throws(() => parseYaml(nested(depth), 'unreadable'), refused(/^unreadable: /));
    }
    assert.doesNotThrow(() => parseYaml(nested(900), 'unreadable'));
  });

  it('may use aliases of YAML, but not to mean something large or without an end', () => {
    assert.deepEqual(parseYaml('a: &x {b: 1}\nc: *x', 'unreadable'), { a: { b: 1 }, c: { b: 1 } });
    const laughs = ['a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]'];
    for (let level = 1; level < 9; level += 1) {
      laughs.push(
        `a${level}: &a${level} [${Array<string>(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    }
    assert.throws(() => parseYaml(laughs.join('\n'), 'unreadable'), refused(/excessive aliasing/));
    const long = `- &x ${'x'.repeat(100_000)}\n${'- *x\n'.repeat(100)}`;
    assert.throws(() => parseYaml(long, 'unreadable'), refused(/excessive aliasing/));
    assert.throws(() => parseYaml('a: &x [*x]', 'unreadable'), refused(/exceeded max depth/));
    assert.throws(() => parseYaml(`a: &x [${'*x,'.repeat(1000)}]`, 'unreadable'), refused(/./));
  });

  it('may be JSON where YAML is said, with a field twice, or YAML that begins like JSON', () => {
    assert.deepEqual(parseYaml('{"a":1,"a":2}', 'unreadable'), { a: 2 });
    assert.deepEqual(parseYaml('{a: 1}', 'unreadable'), { a: 1 });
  });

  it('has no numbers that JSON cannot write', () => {
    for (const yaml of ['.nan', '.inf', '[-.inf]']) {
      assert.throws(() => parseYaml(yaml, 'unreadable'), refused(/unsupported value/));
    }
    assert.throws(() => parseJson('{"a":1e400}', 'unreadable'), refused(/unsupported value: \+Inf/));
  });

  it('is UTF-8; other bytes are replaced, and a byte order mark is no JSON', () => {
    assert.equal(textOfBody(new Uint8Array([0x22, 0xff, 0x22])), '"\uFFFD"');
    const marked = textOfBody(new Uint8Array([0xef, 0xbb, 0xbf, 0x31]));
    assert.throws(() => parseJson(marked, 'unreadable'), refused(/./));
  });
});
