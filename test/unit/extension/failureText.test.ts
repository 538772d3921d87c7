import assert from 'node:assert/strict';
import { failureText } from '../../../src/extension/failureText';

describe('what a command failed with', () => {
  it('makes no link, no second line and no novel of what a server said', () => {
    const text = failureText(
      new Error(`no\n[Repair](command:workbench.action.quit) ${'x'.repeat(1_000_000)}`),
    );
    assert.match(text, /^no \[Repair\] \(command:/);
    assert.ok(text.length <= 310);
  });

  it('is said whatever was thrown', () => {
    assert.equal(failureText('late'), 'late');
    assert.equal(failureText(undefined), 'undefined');
  });
});
