import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { TokenRenewal } from '../../../src/transport/tokenRenewal';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedCredentials } from './scriptedCredentials';

describe('the renewal of a token', () => {
  it('asks no more than once a second where asking is what changes the credentials', async () => {
    const clock = new FakeClock();
    const credentials = new ScriptedCredentials();
    const token = { token: 'first' };
    const renews = (): Promise<{ token: string }> => {
      // Without an end a test could not fail.
      if (credentials.asked < 100) {
        credentials.change(renews);
      }
      return Promise.resolve(token);
    };
    const renewal = new TokenRenewal(token, {
      clock,
      credentials,
      logger: { ...nullLogger, warn: () => assert.fail('nothing fails') },
      onRenewed: () => assert.fail('it is the same token'),
      onGone: () => assert.fail('there is a token'),
    });
    credentials.change(renews);
    assert.equal(credentials.asked, 1);
    await clock.settle();
    assert.equal(credentials.asked, 2);
    for (let second = 0; second < 5; second += 1) {
      await clock.advance(1_000);
      await clock.settle();
    }
    assert.equal(credentials.asked, 7);
    renewal.dispose();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  });
});
