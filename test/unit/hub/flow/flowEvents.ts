import type { HubEvent, Priority } from '../../../../src/protocol/hubEvent';

interface Told {
  readonly priority?: Priority;
  /** Tells two events of one topic apart. */
  readonly cursor?: string;
  readonly replayed?: true;
}

/** A change of the persona `name` of source `s`. */
export function clusterEvent(
  type: 'cluster.added' | 'cluster.updated' | 'cluster.deleted',
  name: string,
  { priority = 'normal', cursor = '', ...rest }: Told = {},
): HubEvent {
  return { type, topic: `cluster.s.${name}`, data: { source: 's', name }, cursor, at: 0, priority, ...rest };
}

/** A message of a stream, of the topic that `fingerprint` names. */
export function alertEvent(
  fingerprint: string,
  { priority = 'normal', cursor = '', ...rest }: Told = {},
): HubEvent {
  return {
    type: 'alert.raised',
    topic: `alert.s.${fingerprint}`,
    data: { source: 's', fingerprint, severity: 'warning' },
    cursor,
    at: 0,
    priority,
    ...rest,
  };
}
