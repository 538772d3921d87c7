import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Server, Socket } from 'node:net';
import { ConnectionLimits } from '../../../src/server/connectionLimits';

let lastPort = 0;

/** A connection as the limits see it. */
class Peer extends Socket {
  constructor(address: string, port: number) {
    super();
    Object.defineProperties(this, { remoteAddress: { value: address }, remotePort: { value: port } });
  }
}

describe('the limits of connections', () => {
  const server = new Server();
  let limits: ConnectionLimits;

  function connect(address: string, port = (lastPort += 1)): Peer {
    const peer = new Peer(address, port);
    server.emit('connection', peer);
    return peer;
  }
  const end = async (peer: Peer): Promise<void> => {
    peer.destroy();
    await EventEmitter.once(peer, 'close');
  };
  beforeEach(() => {
    server.removeAllListeners();
    limits = new ConnectionLimits({ total: 5, perPeer: 2 });
    limits.watch(server);
  });

  it('count those of one peer apart, and take an address for the same however it is written', async () => {
    const first = connect('10.0.0.1');
    assert.equal(limits.isExcess(connect('::ffff:10.0.0.1')), false);
    const third = connect('10.0.0.1');
    assert.equal(limits.isExcess(third), true);
    assert.equal(limits.isExcess(connect('10.0.0.2')), false);
    await end(third);
    await end(first);
    assert.equal(limits.isExcess(connect('10.0.0.1')), false);
    assert.equal(limits.total, 3);
  });

  it('do not hold it against a connection that another one came from the same port', async () => {
    const peers = [connect('10.0.0.1'), connect('10.0.0.1'), connect('10.0.0.1', 40_000)];
    for (const peer of peers) {
      await end(peer);
    }
    assert.equal(limits.isExcess(connect('10.0.0.1', 40_000)), false);
  });

  it('take a network of IPv6 for one peer, since a peer has all of its addresses', () => {
    connect('2001:db8:0:1::1');
    connect('2001:db8:0:1:ffff::2');
    assert.equal(limits.isExcess(connect('2001:db8:0:1:1:2:3:4')), true);
    assert.equal(limits.isExcess(connect('2001:db8:0:2::1')), false);
    assert.equal(limits.isExcess(connect('::1')), false);
  });

  it('count all together', () => {
    for (let peer = 1; peer <= 5; peer += 1) {
      assert.equal(limits.isExcess(connect(`10.0.0.${peer}`)), false);
    }
    assert.equal(limits.isExcess(connect('10.0.0.6')), true);
  });

  it('cut off at once what is far beyond', () => {
    const peers = Array.from({ length: 70 }, () => connect('10.0.0.1'));
    assert.equal(peers.filter(({ destroyed }) => destroyed).length, 4);
    assert.equal(limits.total, 66);
    limits.cutAll();
    assert.ok(peers.every(({ destroyed }) => destroyed));
  });
});
