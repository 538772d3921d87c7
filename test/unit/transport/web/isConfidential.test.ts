import assert from 'node:assert/strict';
import { isConfidential } from '../../../../src/transport/web/isConfidential';

describe('where a secret may be sent', () => {
  for (const url of [
    'wss://hub.example.com',
    'https://10.0.0.1',
    'WSS://hub.example.com',
    'ws://localhost:8787',
    'ws://LOCALHOST',
    'ws://127.0.0.1',
    'ws://127.1',
    'http://[::1]:8787',
  ]) {
    it(`is ${url}`, () => assert.equal(isConfidential(url), true));
  }
  for (const url of [
    'ws://hub.example.com',
    'http://10.0.0.1',
    'ws://localhost.example.com',
    'ws://127.0.0.1.example.com',
    'ws://localhost@hub.example.com',
    'ws://hub.example.com/#@localhost',
    // A resolver may ask the network for it.
    'ws://hub.localhost',
    'ws://localhost.',
    'ws://[::ffff:10.0.0.1]',
    'ws://0.0.0.0',
    'ftp://hub.example.com',
    'localhost',
    '',
  ]) {
    it(`is not ${url === '' ? 'nowhere' : url}`, () => assert.equal(isConfidential(url), false));
  }
});
