import assert from 'node:assert/strict';
import { createDemoCluster } from '../../../../src/demo/demoCluster';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, getText, PERSONAS_PATH, type AnyObject } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

function entryOf(object: AnyObject, manager: string) {
  const entries: readonly { manager: string; fieldsV1: unknown }[] = Object(object.metadata['managedFields']);
  return entries.find((entry) => entry.manager === manager);
}

describe('the owners of fields of the first objects', () => {
  trackLeaks();

  it('are those that the API server finds when the same is written to it', async () => {
    const clock = new PromptClock();
    const demo = createDemoCluster({ clock, seed: 1, personas: 60, logger: failingLogger });
    const { items } = await getJson(demo.fetch, PERSONAS_PATH);
    const write = async (path: string, method: 'DELETE' | 'PATCH', type?: string, body?: object) => {
      const { status, text } = await getText(demo.fetch, path, {
        method,
        ...(type !== undefined && { headers: { 'Content-Type': type }, body: JSON.stringify(body) }),
      });
      assert.ok(status < 300, text);
    };
    for (const item of items) {
      const { name, labels } = item.metadata;
      const path = `${PERSONAS_PATH}/${name}`;
      await write(path, 'DELETE');
      await write(`${path}?fieldManager=argocd-controller`, 'PATCH', 'application/apply-patch+yaml', {
        apiVersion: item['apiVersion'],
        kind: item.kind,
        metadata: { name, labels },
        spec: item['spec'],
      });
      if (item['status'] !== undefined) {
        await write(`${path}/status?fieldManager=dorgu-operator`, 'PATCH', 'application/merge-patch+json', {
          status: item['status'],
        });
      }
      const written = await getJson(demo.fetch, `${PERSONAS_PATH}/${name}`);
      for (const manager of ['argocd-controller', 'dorgu-operator']) {
        assert.deepEqual(
          entryOf(item, manager)?.fieldsV1,
          entryOf(written, manager)?.fieldsV1,
          `${manager}: ${name}`,
        );
      }
    }
    demo.dispose();
  });
});
