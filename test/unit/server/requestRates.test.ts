import assert from 'node:assert/strict';
import { RequestRates } from '../../../src/server/requestRates';
import { FakeClock } from '../../support/fakeClock';

function askAll(rates: RequestRates, address: string, times: number): number {
  return Array.from({ length: times }, () => rates.take(address)).filter(Boolean).length;
}

describe('The rate of requests', () => {
  it('is each peer’s own, and fills up again', async () => {
    const clock = new FakeClock();
    const rates = new RequestRates(clock, 10);
    assert.equal(askAll(rates, '192.0.2.1', 80), 50);
    assert.equal(askAll(rates, '192.0.2.2', 1), 1);
    assert.equal(rates.refused, 30);
    await clock.advance(1_000);
    assert.equal(askAll(rates, '192.0.2.1', 80), 10);
    await clock.advance(60_000);
    assert.equal(askAll(rates, '192.0.2.1', 80), 50);
  });

  it('is that of a network, of IPv6', () => {
    const rates = new RequestRates(new FakeClock(), 1);
    assert.equal(askAll(rates, '2001:db8::1', 5), 5);
    assert.equal(rates.take('2001:db8::2'), false);
    assert.equal(rates.take('2001:db8:0:1::2'), true);
    assert.equal(askAll(rates, '::ffff:192.0.2.1', 5), 5);
    assert.equal(rates.take('192.0.2.1'), false);
  });

  it('remembers no peer that may ask at once again', async () => {
    const clock = new FakeClock();
    const rates = new RequestRates(clock, 1);
    for (let peer = 0; peer < 20_000; peer += 1) {
      rates.take(`10.0.${peer >> 8}.${peer & 0xff}`);
      if (peer % 1_000 === 0) {
        await clock.advance(2_000);
      }
    }
    assert.ok(rates.peers <= 4_000, `${rates.peers} are remembered`);
    assert.equal(rates.refused, 0);
  });
});
