import assert from 'node:assert/strict';
import type { SettingProblem } from '../../../../src/extension/configuration/decodeSettings';
import { ReportedProblems, valueText } from '../../../../src/extension/configuration/reportedProblems';

function wrong(value: unknown, name: 'demo.scene' | 'connectOnStart' = 'demo.scene'): SettingProblem {
  return { name, value, expected: { type: 'choice', choices: [] }, used: 'calm' };
}

describe('a wrong value of a setting', () => {
  it('is told once, and another one anew', () => {
    const reported = new ReportedProblems();
    assert.deepEqual(reported.take([wrong('quake')]), [wrong('quake')]);
    assert.deepEqual(reported.take([wrong('quake')]), []);
    assert.deepEqual(reported.take([wrong('flood')]), [wrong('flood')]);
    assert.deepEqual(reported.take([wrong('flood'), wrong('flood', 'connectOnStart')]), [
      wrong('flood', 'connectOnStart'),
    ]);
  });

  it('is told again when it comes back after it was mended', () => {
    const reported = new ReportedProblems();
    reported.take([wrong('quake')]);
    assert.deepEqual(reported.take([]), []);
    assert.deepEqual(reported.take([wrong('quake')]), [wrong('quake')]);
  });

  it('is not taken for another one that looks alike', () => {
    const reported = new ReportedProblems();
    const values = ['7', 7, null, 'null', NaN, [7], { a: 7 }];
    for (const value of values) {
      assert.equal(reported.take([wrong(value)]).length, 1, valueText(value));
      assert.equal(reported.take([wrong(value)]).length, 0, valueText(value));
    }
  });
});
