import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 13: managedFields, by script', () => {
  trackLeaks();

  it(
    'drops managedFields and keeps every other field, known or not',
    withInformer(async (fixture) => {
      const metadata = {
        name: 'a',
        uid: 'u',
        resourceVersion: '7',
        generation: 4,
        managedFields: [{ manager: 'm' }],
      };
      const item = { apiVersion: 'dorgu.io/v1', kind: 'ClusterPersona', metadata, future: { x: [1] } };
      const body = JSON.stringify({ items: [item], metadata: { resourceVersion: '1000' } });
      fixture.server.play('list', { type: 'answer', status: 200, body });
      fixture.informer.start();
      await fixture.settle();
      fixture.server.sendLine(
        JSON.stringify({
          type: 'ADDED',
          object: { ...item, metadata: { ...metadata, name: 'b', resourceVersion: '1001' } },
        }),
      );
      await fixture.settle();
      const rest = { uid: 'u', generation: 4 };
      assert.deepEqual(
        [...fixture.informer.store.values()],
        [
          { ...item, metadata: { name: 'a', resourceVersion: '7', ...rest } },
          { ...item, metadata: { name: 'b', resourceVersion: '1001', ...rest } },
        ],
      );
    }),
  );
});
