import type { MessagePort } from 'node:worker_threads';

/** What viewProgram is given. */
export interface ViewData {
  /** To the session in the host. */
  readonly port: MessagePort;
  readonly source: string;
  /** The persona that the view shows. */
  readonly name: string;
  /** Whether the view wants to be told of every other persona, too. */
  readonly isToldOfAll: boolean;
}
