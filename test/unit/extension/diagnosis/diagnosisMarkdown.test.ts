import assert from 'node:assert/strict';
import type { CheckResult, Diagnosis } from '../../../../src/doctor/diagnosis';
import { diagnosisMarkdown, verdictText } from '../../../../src/extension/diagnosis/diagnosisMarkdown';

const passed: CheckResult = { id: 'kubeconfig', outcome: 'passed', durationMs: 3, details: ['Server x'] };
const failed: CheckResult = {
  id: 'tls',
  outcome: 'failed',
  durationMs: 12,
  problem: { code: 'tls', detail: 'certificate has expired' },
  concern: { type: 'certificateExpired' },
  details: [],
};
const blocked: CheckResult = {
  id: 'version',
  outcome: 'skipped',
  durationMs: 0,
  reason: { type: 'after', check: 'tls' },
  details: [],
};
const unneeded: CheckResult = {
  id: 'proxy',
  outcome: 'skipped',
  durationMs: 0,
  reason: { type: 'noProxy' },
  details: [],
};
const warned: CheckResult = {
  id: 'clock',
  outcome: 'warning',
  durationMs: 1,
  concern: { type: 'clocksDiffer', seconds: -40 },
  details: [],
};
const of = (...results: CheckResult[]): Diagnosis => ({
  label: 'prod',
  startedAt: Date.UTC(2026, 0, 1),
  results,
});

describe('a diagnosis as text', () => {
  it('has a verdict that counts what was run', () => {
    assert.equal(verdictText(of(passed, unneeded)), 'All 1 checks passed.');
    assert.equal(
      verdictText(of(passed, failed, blocked, unneeded)),
      '1 of 2 checks failed: Certificate (TLS). 1 could not be run.',
    );
    assert.equal(verdictText(of(passed, warned)), '1 of 2 checks gave a warning: Clocks.');
    assert.equal(
      verdictText(of(failed, warned)),
      '1 of 2 checks failed: Certificate (TLS). 1 of 2 checks gave a warning: Clocks.',
    );
  });

  it('names each outcome by a sign and a word, with its reason', () => {
    const text = diagnosisMarkdown(of(passed, failed, blocked, unneeded, warned), []);
    for (const row of [
      '| Kubeconfig | ✓ passed | 3 ms |',
      '| Certificate (TLS) | ✗ failed: expired | 12 ms |',
      '| Kubernetes version | – skipped: after: Certificate \\(TLS\\) |  |',
      '| Proxy | – skipped: no proxy on the way |  |',
      "| Clocks | ! warning: the server's is 40 s behind | 1 ms |",
    ]) {
      assert.ok(text.split('\n').includes(row), `${row}\n${text}`);
    }
  });

  it('explains each failure and warning, with its remedy and the technical line', () => {
    const text = diagnosisMarkdown(of(failed, warned), ['head']);
    assert.match(text, /## ✗ failed: Certificate \(TLS\)\n\nThe certificate of prod has expired/);
    assert.match(text, /\*\*Have it renewed on the server/);
    assert.match(text, /```text\ntls: certificate has expired\n```/);
    assert.match(text, /## ! warning: Clocks/);
    assert.match(text, /\n\nhead\n\n/);
  });

  it('says the technical line once where the sentence holds it already', () => {
    const { concern: _, ...plain } = failed;
    const text = diagnosisMarkdown(of(plain), []);
    assert.equal(text.match(/certificate has expired/g)?.length, 1);
  });

  it('shows what others said as it is and never as markup', () => {
    const said = '![x](http://evil/p.png) | <script> ```` [go](command:evil)';
    const text = diagnosisMarkdown(
      {
        ...of(
          { ...passed, details: [said, 'a\n# b'] },
          { ...failed, problem: { code: 'tls', detail: said } },
        ),
        label: `prod | ${said}`,
      },
      [],
    );
    const outside = text.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    assert.ok(!outside.includes('](') && !outside.includes('<script'), outside);
    assert.ok(!/^# b/m.test(text));
    assert.match(text, /^`````text$/m);
  });
});
