import type { ViewCommand } from '../../src/protocol/requests';
import type { SourceState, SourceStatus } from '../../src/protocol/sourceState';

/** The hub cannot be reached, while what it said before is still shown. */
export interface Outage {
  /** In wall milliseconds: what is shown was true until then. */
  readonly since: number;
  /** What a source is, as far as anybody here can know. */
  readonly state: SourceState;
}

/** What surrounds a view: an editor, or the page of a browser. The view does not know which. */
export interface ViewHost {
  /** Whether such a command is done here; a control for one that is not is left out. */
  readonly offers: (type: ViewCommand['type']) => boolean;
  readonly run: (command: ViewCommand) => void;
  /** The address of what a command opens, for a link; undefined where it has none, or it is no such command. */
  readonly hrefOf: (command: ViewCommand) => string | undefined;
  /** A source as it is for who looks from here. */
  readonly seen: (status: SourceStatus) => SourceStatus;
  /** The same object until `onOutageChanged` tells of another one; undefined while the hub is there. */
  readonly outage: () => Outage | undefined;
  readonly onOutageChanged: (listener: () => void) => () => void;
}
