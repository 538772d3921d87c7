import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { kubectlArguments, shellText } from '../../../../src/extension/logs/kubectlCommand';
import type { LogSelection } from '../../../../src/protocol/logView';

const of = (selection: LogSelection, context = 'prod', previous = false): readonly string[] | undefined =>
  kubectlArguments({ selection, context, previous, tailLines: 500 });

describe('the kubectl command for a selection', () => {
  it('names context and namespace, and follows all containers', () => {
    assert.deepEqual(of({ type: 'pod', namespace: 'shop', pod: 'web-0' }), [
      'logs',
      'pod/web-0',
      '--context=prod',
      '--namespace=shop',
      '--all-containers=true',
      '--prefix=true',
      '--timestamps=true',
      '--tail=500',
      '--max-log-requests=1000',
      '--follow=true',
    ]);
    assert.ok(
      of({ type: 'workload', namespace: 'shop', kind: 'Deployment', name: 'web' })?.includes(
        'deployment/web',
      ),
    );
    assert.ok(
      of({ type: 'selector', namespace: 'shop', selector: 'app=web' })?.includes('--selector=app=web'),
    );
    assert.ok(of({ type: 'namespace', namespace: 'shop' }, 'prod', true)?.includes('--previous=true'));
    assert.equal(of({ type: 'node', node: 'n1' }), undefined);
  });

  it('never lets a name be an option of its own', () => {
    const name = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, name, name, (context, namespace, pod) => {
        const args = of({ type: 'pod', namespace, pod }, context) ?? [];
        assert.equal(args.length, 10);
        assert.equal(args[1], `pod/${pod}`);
        assert.equal(args[2], `--context=${context}`);
        assert.equal(args[3], `--namespace=${namespace}`);
      }),
    );
  });

  it('is shown as a shell reads it back to exactly those arguments', () => {
    const nasty = [
      "a'b",
      '$(touch x)',
      '`id`',
      'a b',
      '"; rm -rf ~; "',
      'a\nb',
      '',
      '*',
      '~',
      '#x',
      'ü',
      '\\',
      '!x',
    ];
    const words = fc.oneof(
      fc.constantFrom(...nasty),
      fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0')),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (args) => {
        const command = shellText(process.execPath, [
          '-e',
          'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
          '--',
          ...args,
        ]);
        assert.deepEqual(JSON.parse(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' })), args);
      }),
      { numRuns: 25 },
    );
  });
});
