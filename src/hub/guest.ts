import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { LogSelection } from '../protocol/logView';
import type { Problem } from '../protocol/problem';

/** What is asked of a source again and again, so that a guest's right to it is known without asking. */
export type StandingAccess =
  /** To know of its ClusterPersonas, and of what is made of them. */
  | { readonly type: 'personas' }
  /** To know how much its nodes use. */
  | { readonly type: 'metrics' };

/** What somebody may want of a source. */
export type Access =
  | StandingAccess
  | { readonly type: 'pods'; readonly namespace: string }
  | { readonly type: 'logs'; readonly namespace: string; readonly pod: string }
  /** What the hub tells of itself, where the source's cluster says who may know it. */
  | { readonly type: 'path'; readonly path: string };

export const PERSONA_ACCESS = { type: 'personas' } as const satisfies Access;
export const METRIC_ACCESS = { type: 'metrics' } as const satisfies Access;

/** To follow the log of a pod, whichever container. */
export function logsOf({ namespace, pod }: { readonly namespace: string; readonly pod: string }): Access {
  return { type: 'logs', namespace, pod };
}

/**
 * To follow the logs that are selected. An empty pod stands for all of its namespace, an empty namespace for all: of each pod
 * by itself nobody is asked.
 */
export function logViewAccess(selection: LogSelection): readonly Access[] {
  const namespace = selection.type === 'node' ? '' : selection.namespace;
  const pod = selection.type === 'pod' ? selection.pod : '';
  return [{ type: 'pods', namespace }, logsOf({ namespace, pod })];
}

/** Why something may not be had: `forbidden`, or another code where nobody can say now whether it may. */
export interface AccessRefusal {
  readonly problem: Problem;
  /** When it is looked at again, in wall milliseconds. */
  readonly retryAt: number;
}

export interface AccessChange {
  readonly source: string;
  readonly access: StandingAccess['type'];
}

/**
 * Somebody who is served, and what they may do with which source. Whoever serves them asks here and knows neither who they are
 * nor who decides.
 */
export interface Guest {
  /**
   * Which sources they see the personas of, as an opaque word of letters and digits: another one where it is other sources.
   * Empty where everybody sees everything.
   */
  readonly sight: string;
  /** Undefined where it is known that they may. What nobody asked about yet is refused. */
  refusal(source: string, access: StandingAccess): AccessRefusal | undefined;
  /**
   * Resolves where they may. Rejects with {@link ProblemError} where they may not, or where nobody can say now. From then on
   * `refusal` knows a standing access, and it is looked at again and again.
   */
  require(source: string, access: Access): Promise<void>;
  /** Requires the personas of every source, so that `refusal` knows them. Never rejects. */
  learn(): Promise<void>;
  /** For something that goes on, after `require`: `onLost` is told once when they may no longer, unless disposed before. */
  hold(source: string, access: Access, onLost: (problem: Problem) => void): Disposable;
  /** What `refusal` says is something else now. */
  readonly onChanged: Event<AccessChange>;
}

const NOTHING: Disposable = { dispose() {} };
const ALLOWED = Promise.resolve();

/** May do everything: the user of an editor, and whoever a hub lets in that makes no difference between them. */
export const EVERYBODY: Guest = {
  sight: '',
  refusal: () => undefined,
  require: () => ALLOWED,
  learn: () => ALLOWED,
  hold: () => NOTHING,
  onChanged: () => NOTHING,
};
