import assert from 'node:assert/strict';
import { listAlerts } from '../../../../src/hub/alerts/alertList';
import { AlertOwner, SourceAlerts } from '../../../../src/hub/alerts/alertOwner';
import type { Alert, Severity } from '../../../../src/protocol/alert';
import { withHub } from '../hubFixture';

describe('the list of alerts', () => {
  it(
    'has the worst of them, however many come before',
    withHub(async (fixture) => {
      const entry = new SourceAlerts((await fixture.liveServer()).source);
      const add = (name: string, severity: Severity): void => {
        const owner = new AlertOwner(entry, name);
        const alert: Alert = {
          source: 's',
          name,
          fingerprint: name,
          severity,
          rule: 'phaseDegraded',
          raisedAt: 0,
        };
        owner.lasting = new Map([[name, { alert, isNews: true, isGroup: false, growsSince: undefined }]]);
        entry.personas.set(name, owner);
        entry.owners.add(owner);
      };
      for (let place = 0; place < 25_000; place += 1) {
        add(`p${place}`, 'warning');
      }
      add('last', 'critical');
      const { alerts, more } = listAlerts([entry], undefined, 0);
      assert.equal(alerts.length, 1_000);
      assert.equal(more, 24_001);
      assert.ok(alerts.some(({ name }) => name === 'last'));
      assert.deepEqual(
        listAlerts([entry], 'last', 0).alerts.map(({ name }) => name),
        ['last'],
      );
    }),
  );
});
