import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { maySayNothing } from '../../../src/server/silentAnswer';
import { until } from '../../support/testbed/until';

const SILENCE_MS = 100;

describe('an answer that may say nothing', () => {
  let server: Server;
  let client: Socket;

  async function answeredBy(handle: RequestListener): Promise<void> {
    server = createServer(handle);
    server.setTimeout(SILENCE_MS);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nhost: hub\r\n\r\n');
  }
  afterEach(() => {
    client.destroy();
    server.close();
  });

  it('goes on after it was silent for long', async () => {
    await answeredBy((_, response) => {
      maySayNothing(response);
      response.write('first');
      setTimeout(() => response.write('second'), 5 * SILENCE_MS);
    });
    let text = '';
    client.setEncoding('utf8');
    for await (const chunk of client) {
      text += String(chunk);
      if (text.includes('second')) {
        break;
      }
    }
    assert.match(text, /second/);
  });

  it('is cut off where nobody reads it', async () => {
    let isClosed = false;
    await answeredBy((_, response) => {
      maySayNothing(response);
      response.on('close', () => (isClosed = true));
      response.write('x'.repeat(64 * 1024 * 1024));
    });
    client.pause();
    await until('it is cut off', () => isClosed, { deadlineMs: 20 * SILENCE_MS });
  });
});
