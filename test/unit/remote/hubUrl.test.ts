import assert from 'node:assert/strict';
import { parseHubUrl } from '../../../src/remote/hubUrl';

describe('The address of a hub', () => {
  it('is one text for one hub, however it was typed', () => {
    for (const typed of ['https://Hub.example', ' https://hub.example/ ', 'HTTPS://hub.example:443//']) {
      assert.deepEqual(parseHubUrl(typed), {
        ok: true,
        url: 'https://hub.example',
        label: 'hub.example',
        isUnencrypted: false,
      });
    }
    assert.deepEqual(parseHubUrl('https://hub.example/team/a/'), {
      ok: true,
      url: 'https://hub.example/team/a',
      label: 'hub.example/team/a',
      isUnencrypted: false,
    });
  });

  it('is known to be readable on the way where it is unencrypted and on another machine', () => {
    const isUnencrypted = (host: string): boolean => {
      const parsed = parseHubUrl(`http://${host}:8080`);
      return parsed.ok ? parsed.isUnencrypted : assert.fail(host);
    };
    for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]']) {
      assert.equal(isUnencrypted(host), false, host);
    }
    for (const host of ['hub.example', '10.0.0.1', '127.0.0.1.example', 'localhost.example', '[::2]']) {
      assert.equal(isUnencrypted(host), true, host);
    }
  });

  it('holds no credential, wherever one could stand', () => {
    for (const typed of [
      'https://jane@hub.example',
      'https://jane:hunter22@hub.example',
      'https://:hunter22@hub.example',
      'https://hub.example/?token=hunter22',
      'https://hub.example/#hunter22',
    ]) {
      assert.deepEqual(parseHubUrl(typed), { ok: false, wrong: 'credentials' }, typed);
    }
  });

  it('is nothing else', () => {
    for (const typed of [
      '',
      'hub.example',
      'ftp://hub.example',
      'wss://hub.example',
      'https://',
      `https://${'a'.repeat(600)}`,
    ]) {
      assert.deepEqual(parseHubUrl(typed), { ok: false, wrong: 'malformed' }, typed);
    }
  });
});
