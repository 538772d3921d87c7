import assert from 'node:assert/strict';
import { toDisposable } from '../../../src/base/disposable';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { Awakening } from '../../../src/extension/awakening';
import { onAddressesChanged } from '../../../src/extension/onAddressesChanged';
import { Hub } from '../../../src/hub/hub';
import { FakeClock } from '../../support/fakeClock';

describe('Awakening', () => {
  let clock: FakeClock;
  let hub: Hub;
  let opened: number;
  let comesOnline: () => void;
  let awakening: Awakening;

  beforeEach(async () => {
    clock = new FakeClock();
    hub = new Hub({ clock, random: seededRandom(1), logger: nullLogger });
    opened = 0;
    awakening = new Awakening(
      {
        onOnline: (_, callback) => {
          comesOnline = callback;
          return toDisposable(() => undefined);
        },
      },
      clock,
      seededRandom(1),
      hub,
      (error) => {
        throw error;
      },
    );
    const open = (): Promise<never> => {
      opened += 1;
      return Promise.reject(new Error('no way'));
    };
    // A source that failed tries again only when it is told to.
    hub.addSource({ id: 'a', kind: 'kubeconfig', label: 'a', open }).connect();
    hub.addSource({ id: 'b', kind: 'kubeconfig', label: 'b', open });
    await clock.advance(0);
    assert.equal(opened, 1);
  });

  afterEach(() => {
    awakening.dispose();
    hub.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('leaves everything alone while time goes by', async () => {
    await clock.advance(60_000);
    assert.equal(opened, 1);
  });

  it('has connected sources try again after the wall clock jumped', async () => {
    clock.jumpWall(3_600_000);
    await clock.advance(5_000);
    await clock.advance(2_000);
    assert.equal(opened, 2);
  });

  it('has connected sources try again when a network came', async () => {
    comesOnline();
    await clock.advance(2_000);
    assert.equal(opened, 2);
  });
});

describe('A network that comes', () => {
  it('is noticed by a new address, not by one that went', async () => {
    const clock = new FakeClock();
    let addresses = ['192.0.2.1'];
    let came = 0;
    const watching = onAddressesChanged(
      clock,
      () => addresses,
      () => (came += 1),
    );
    await clock.advance(20_000);
    addresses = [];
    await clock.advance(5_000);
    assert.equal(came, 0);
    addresses = ['192.0.2.1'];
    await clock.advance(5_000);
    assert.equal(came, 1);
    watching.dispose();
    assert.equal(clock.pendingTimers, 0);
  });
});
