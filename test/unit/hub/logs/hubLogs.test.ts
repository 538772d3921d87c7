import assert from 'node:assert/strict';
import { DEFAULT_HUB_SETTINGS, type HubSettings } from '../../../../src/hub/hubSettings';
import { HubLogs } from '../../../../src/hub/logs/hubLogs';
import { FakeClock } from '../../../support/fakeClock';
import { MemorySpill } from '../../logs/memorySpill';

const withDisk = (diskBytes: number): HubSettings => ({
  ...DEFAULT_HUB_SETTINGS,
  logs: { ...DEFAULT_HUB_SETTINGS.logs, diskBytes },
});

describe('what the logs of a hub share', () => {
  it('is a disk where the settings give one room, and as long as they do', () => {
    const settings = {
      current: withDisk(0),
      onChanged: () => ({ dispose: () => undefined }),
    };
    let bound: (() => number) | undefined;
    const spill = new MemorySpill(1);
    const logs = new HubLogs(new FakeClock(), settings, {
      logSpill: (maxBytes) => {
        bound = maxBytes;
        return spill;
      },
    });
    assert.equal(bound?.(), 0);
    settings.current = withDisk(5_000);
    assert.equal(bound?.(), 5_000);
    assert.equal(logs.budget.disk, spill);
    spill.maxBytes = 0;
    assert.equal(logs.budget.disk, undefined);
    spill.maxBytes = 1;
    logs.dispose();
    assert.equal(spill.maxBytes, 0, 'it ends with the hub');
  });

  it('is no disk where there is none', () => {
    const settings = { current: withDisk(5_000), onChanged: () => ({ dispose: () => undefined }) };
    const logs = new HubLogs(new FakeClock(), settings, {});
    assert.equal(logs.budget.disk, undefined);
    logs.dispose();
  });
});
