import assert from 'node:assert/strict';
import { visibleText } from '../../../src/base/visibleText';

describe('text of a cluster, as it can be shown', () => {
  it('marks control characters and what turns the direction of text round', () => {
    assert.equal(visibleText('a\u0000b\u001B[31m\u007F\u0085'), 'a\uFFFDb\uFFFD[31m\uFFFD\uFFFD');
    assert.equal(visibleText('\u202Egnp.exe\u2066x\u2069'), '\uFFFDgnp.exe\uFFFDx\uFFFD');
  });

  it('leaves lines, tabs, scripts from right to left, joined characters and emoji as they are', () => {
    for (const text of ['', 'one\r\n\ttwo', 'שלום\u200F עולם', 'مرحبا', 'नमस्ते\u200D', '👩‍🚒', '\uFFFD']) {
      assert.equal(visibleText(text), text);
    }
  });
});
