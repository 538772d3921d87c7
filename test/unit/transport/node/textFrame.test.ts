import assert from 'node:assert/strict';
import { once } from 'node:events';
import { textFrame } from '../../../../src/transport/node/textFrame';
import { SocketPair } from './socketPair';

describe('a text frame that was made by hand', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    it(`of ${length} bytes is read as a WebSocket reads its own`, async () => {
      const pair = await SocketPair.open();
      const text = 'ä'.repeat(length / 2) + 'x'.repeat(length % 2);
      const message = once(pair.client, 'message');
      pair.connection.write(textFrame(JSON.stringify(text)));
      assert.equal(Buffer.byteLength(text), length);
      await message;
      assert.equal(await pair.next(), text);
      // What the library sends goes on after it.
      pair.server.send('"after"');
      assert.equal(await pair.next(), 'after');
      pair.dispose();
      await pair.closing;
    });
  }
});
