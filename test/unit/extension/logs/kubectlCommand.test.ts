import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { kubectlArguments } from '../../../../src/extension/logs/kubectlCommand';
import type { LogSelection } from '../../../../src/protocol/logView';

const of = (
  selection: LogSelection,
  context = 'prod',
  previous = false,
  container?: string,
): readonly string[] | undefined =>
  kubectlArguments({ selection, context, container, previous, tailLines: 500 });

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

  it('follows one container alone where that is what is shown', () => {
    const args = of({ type: 'namespace', namespace: 'shop' }, 'prod', false, 'app') ?? [];
    assert.ok(args.includes('--container=app'));
    assert.ok(!args.includes('--all-containers=true'));
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
});
