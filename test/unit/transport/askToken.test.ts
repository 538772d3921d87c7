import assert from 'node:assert/strict';
import { ProblemError } from '../../../src/protocol/problem';
import { askToken } from '../../../src/transport/askToken';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedCredentials } from './scriptedCredentials';

const { signal } = new AbortController();

describe('Asking for a token', () => {
  for (const token of ['two\nlines-of-it', 'tab\there', 'with a space', 'caf\u00e9', '']) {
    it(`refuses ${JSON.stringify(token)}, which no header can carry, and does not repeat it`, async () => {
      const clock = new FakeClock();
      await assert.rejects(askToken(new ScriptedCredentials({ token }), clock, signal), (error: unknown) => {
        assert.ok(error instanceof ProblemError);
        assert.equal(error.problem.code, 'credentials');
        assert.ok(token === '' || !error.message.includes(token), error.message);
        return true;
      });
      assert.equal(clock.pendingTimers, 0);
    });
  }

  it('takes what bearer tokens are made of', async () => {
    const token = 'aZ09-._~+/==';
    assert.deepEqual(await askToken(new ScriptedCredentials({ token }), new FakeClock(), signal), { token });
  });
});
