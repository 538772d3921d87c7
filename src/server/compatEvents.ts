import { textFrame } from '../transport/node/textFrame';

export type CompatEventType = 'added' | 'updated' | 'deleted';

/** What happened to which persona. */
export interface CompatEvent {
  readonly name: string;
  readonly type: CompatEventType;
  /** It was there when the cluster was first read. */
  readonly isInitial: boolean;
}

/** One event of the compatible face, ready to be written to a socket. */
export function compatFrame(name: string, type: CompatEventType): Buffer {
  return textFrame(JSON.stringify({ type: `cluster.${type}`, data: { name } }));
}

/** What two events of one name come down to for somebody who was told neither. */
export function mergeCompat(before: CompatEventType | undefined, after: CompatEventType): CompatEventType {
  return before === 'added' && after === 'updated' ? 'added' : after;
}
