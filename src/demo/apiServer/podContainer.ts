import type { JsonRecord } from '../../base/jsonRecord';
import type { KubeObject } from '../../base/kubeObject';
import { instantOf, listOf, recordOf, textOf } from '../../persona/decodeField';

/** A container as far as its log is concerned; times in milliseconds since the Unix epoch. */
export interface PodContainer {
  readonly name: string;
  readonly state:
    | { readonly type: 'waiting'; readonly reason: string }
    | { readonly type: 'running'; readonly startedAtMs: number }
    | ({ readonly type: 'terminated' } & EndedInstance);
  /** The instance before this one, where there was one. */
  readonly previous: EndedInstance | undefined;
}

interface EndedInstance {
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
}

/** The containers of a pod, in the order of its spec. One without a status waits to be created. */
export function containersOf(pod: KubeObject): readonly PodContainer[] {
  const statuses = records(recordOf(pod['status'])?.['containerStatuses']);
  return records(recordOf(pod['spec'])?.['containers']).flatMap((container) => {
    const name = textOf(container['name']);
    const status = statuses.find((candidate) => candidate['name'] === name);
    return name === undefined
      ? []
      : [
          {
            name,
            state: stateOf(recordOf(status?.['state']) ?? {}),
            previous: endedInstance(recordOf(status?.['lastState']) ?? {}),
          },
        ];
  });
}

function stateOf(state: JsonRecord): PodContainer['state'] {
  const running = recordOf(state['running']);
  if (running !== undefined) {
    return { type: 'running', startedAtMs: milliseconds(running['startedAt']) };
  }
  const ended = endedInstance(state);
  if (ended !== undefined) {
    return { type: 'terminated', ...ended };
  }
  return { type: 'waiting', reason: textOf(recordOf(state['waiting'])?.['reason']) ?? 'ContainerCreating' };
}

function endedInstance(state: JsonRecord): EndedInstance | undefined {
  const terminated = recordOf(state['terminated']);
  return (
    terminated && {
      startedAtMs: milliseconds(terminated['startedAt']),
      finishedAtMs: milliseconds(terminated['finishedAt']),
    }
  );
}

function milliseconds(instant: unknown): number {
  return Date.parse(instantOf(instant) ?? '1970-01-01T00:00:00Z');
}

function records(value: unknown): readonly JsonRecord[] {
  return listOf(value, (entry) => entry).items ?? [];
}
