import assert from 'node:assert/strict';
import { fieldsOf, fieldText, jsonOf } from '../../../../webview/logs/jsonLine';

describe('a JSON line', () => {
  it('is an object and nothing else', () => {
    assert.deepEqual(jsonOf(' {"a": 1} '), { a: 1 });
    for (const text of ['[1]', '1', 'null', '{"a": 1', '{a: 1}', 'x {"a": 1}', '']) {
      assert.equal(jsonOf(text), undefined, text);
    }
  });

  it('has fields, those inside of others with a dot, the most frequent first', () => {
    const lines = [
      { msg: 'a', http: { status: 200 } },
      { msg: 'b', list: [1] },
    ];
    assert.deepEqual(fieldsOf(lines), ['msg', 'http.status', 'list']);
  });

  it('says what a field holds, whatever its name', () => {
    const line =
      jsonOf('{"a.b": {"c": 5}, "a": {"b": "x"}, "n": null, "__proto__": "p", "o": {"k": [1, 2]}}') ?? {};
    assert.equal(fieldText(line, 'a.b.c'), '5');
    assert.equal(fieldText(line, 'o.k'), '[1,2]');
    assert.equal(fieldText(line, 'n'), 'null');
    assert.equal(fieldText(line, '__proto__'), 'p');
    assert.equal(fieldText(line, 'constructor'), '');
    assert.equal(fieldText(line, 'a.nothing'), '');
    assert.equal(fieldText({ long: 'y'.repeat(5_000) }, 'long').length, 201);
  });
});
