import assert from 'node:assert/strict';
import { coresText, formatBytes, formatCores, formatCount } from '../../../../webview/ui/formatNumber';

const GI = 1024 ** 3;

describe('formatBytes', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [512, '512 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [31 * GI, '31 GiB'],
    [372 * GI, '372 GiB'],
    [1.5 * 1024 * GI, '1.5 TiB'],
    [2 ** 70, '1,024 EiB'],
  ] as const) {
    it(`says ${text}`, () => assert.equal(formatBytes(bytes), text));
  }

  it('keeps an absurd amount short', () => {
    assert.ok(formatBytes(1e40).length < 20, formatBytes(1e40));
  });
});

describe('formatCores', () => {
  for (const [cores, text] of [
    [0.1, '0.1'],
    [0.255, '0.26'],
    [7.91, '7.9'],
    [95, '95'],
    [1320.4, '1,320'],
    [1e15, '1000T'],
  ] as const) {
    it(`says ${text}`, () => assert.equal(formatCores(cores), text));
  }
});

describe('formatCount', () => {
  it('groups digits, and shortens what no view has room for', () => {
    assert.deepEqual([formatCount(0), formatCount(1320), formatCount(7.2e12)], ['0', '1,320', '7.2T']);
  });
});

describe('coresText', () => {
  it('says what reads as one in the singular', () => {
    assert.deepEqual([0.5, 1, 1.04, 1.5, 0].map(coresText), [
      '0.5 cores',
      '1 core',
      '1 core',
      '1.5 cores',
      '0 cores',
    ]);
  });
});
