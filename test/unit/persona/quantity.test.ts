import assert from 'node:assert/strict';
import { parsePercent } from '../../../src/persona/percent';
import { parseQuantity } from '../../../src/persona/quantity';

describe('parseQuantity', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['8', 8],
    ['7910m', 7.91],
    ['1k', 1000],
    ['1M', 1e6],
    ['2G', 2e9],
    ['1T', 1e12],
    ['9E', 9e18],
    ['1P', 1e15],
    ['1Ki', 1024],
    ['31Gi', 31 * 1024 ** 3],
    ['1Ti', 1024 ** 4],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['2Ei', 2 * 1024 ** 6],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12e-3', 0.012],
    ['100n', 1e-7],
    ['250u', 0.00025],
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['9223372036854775807', 2 ** 63],
    ['-0', 0],
    ['-0.0Gi', 0],
    ['-1e-400', 0],
  ];
  for (const [text, value] of cases) {
    it(`reads ${text} as ${value}`, () => {
      assert.equal(parseQuantity(text), value);
    });
  }

  it('reads nothing else', () => {
    for (const text of [
      '',
      ' ',
      '1 Gi',
      'Gi',
      '1K',
      '1gi',
      '12e',
      '1e',
      'e3',
      '.',
      '1.2.3',
      '0x10',
      'Infinity',
      '1e999',
      '-1',
      '-5Gi',
      '9e300',
      '8.1Ei',
      '9'.repeat(300),
      '٣',
    ]) {
      assert.equal(parseQuantity(text), undefined, `${JSON.stringify(text)} is no quantity`);
    }
    assert.equal(parseQuantity(undefined), undefined);
  });

  it('gives up on a megabyte of digits in no time', () => {
    assert.equal(parseQuantity(`${'9'.repeat(1e6)}x`), undefined);
    assert.equal(parseQuantity('9'.repeat(1e6)), undefined);
  });
});

describe('parsePercent', () => {
  it('reads percentages with and without their sign', () => {
    assert.equal(parsePercent('31'), 31);
    assert.equal(parsePercent('31%'), 31);
    assert.equal(parsePercent('31 %'), 31);
    assert.equal(parsePercent('64.5%'), 64.5);
    assert.equal(parsePercent('0'), 0);
    assert.equal(parsePercent('130%'), 130);
  });

  it('reads nothing else', () => {
    for (const text of ['', '%', 'n/a', '-3%', '31 % of 95', '31%%', '1e2']) {
      assert.equal(parsePercent(text), undefined, `${JSON.stringify(text)} is no percentage`);
    }
    assert.equal(parsePercent(undefined), undefined);
  });

  it('gives up on a megabyte of spaces in no time', () => {
    assert.equal(parsePercent(`1${' '.repeat(1e6)}x`), undefined);
  });
});
