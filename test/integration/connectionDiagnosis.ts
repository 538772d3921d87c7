import { systemClock, type Clock } from '../../src/base/clock';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { ConnectionChecks } from '../../src/cluster/connectionChecks';
import { apiChecks } from '../../src/doctor/apiChecks';
import type { CheckId, CheckResult } from '../../src/doctor/diagnosis';
import { examine } from '../../src/doctor/examine';
import { contextIn, openFile, type OpenOptions } from './clusterKubeconfig';

export interface DiagnoseOptions extends OpenOptions {
  readonly onCheck?: (id: CheckId) => void;
  /** In use already; else one is opened, and closed at the end. */
  readonly connection?: ClusterConnection;
}

/** Examines the one context of a kubeconfig as the extension does. Results by check. */
export async function diagnoseFile(
  file: string,
  options: DiagnoseOptions = {},
): Promise<ReadonlyMap<CheckId, CheckResult>> {
  const clock: Clock = options.clock ?? systemClock;
  const way = new ConnectionChecks({
    context: await contextIn(file),
    clock,
    open: (signal) =>
      options.connection === undefined
        ? openFile(file, { ...options, signal })
        : Promise.resolve(options.connection),
    proxyFor: options.proxyFor ?? (() => undefined),
  });
  const api = apiChecks({
    fetch: way.fetch,
    clock,
    refreshCredentials: () => way.refreshCredentials(),
  });
  try {
    const results = await examine({
      checks: [...way.checks, ...api],
      clock,
      signal: options.signal ?? new AbortController().signal,
      ...(options.onCheck === undefined ? {} : { onCheck: options.onCheck }),
    });
    return new Map(results.map((result) => [result.id, result]));
  } finally {
    way.dispose();
  }
}
