import assert from 'node:assert/strict';
import { tooltipMarkdown } from '../../../src/extension/markdownText';

describe('text from a cluster in a tooltip', () => {
  it('makes no link, no markup and no element', () => {
    const text = tooltipMarkdown('**a** [b](command:workbench.action.quit) <img src=x> `c`');
    assert.doesNotMatch(text, /(?<!\\)[*[\]()`<]/);
  });

  it('makes no link of an address, which would show the signs that escape it too', () => {
    const text = tooltipMarkdown('Server: https://10.0.0.1:6443, or http://localhost');
    assert.equal(text, String.raw`Server: https\://10\.0\.0\.1:6443, or http\://localhost`);
  });

  it('draws no icon: what VS Code takes a sign of after Markdown is escaped for it too', () => {
    assert.equal(tooltipMarkdown('$(error)'), String.raw`\\\$\(error\)`);
  });

  it('is cut where nobody would read on', () => {
    assert.equal(tooltipMarkdown('x'.repeat(1_000_000)), `${'x'.repeat(399)}…`);
  });
});
