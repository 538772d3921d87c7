import type { MouseEventHandler } from 'react';
import type { ViewCommand } from '../../src/protocol/requests';
import { useHost } from './useHost';

/** Has the surroundings of the view do something; what goes wrong with it is theirs to tell. */
export function useCommand(): (command: ViewCommand) => void {
  return useHost().run;
}

/** A command as a link where it has an address, and as an action where it has none. */
export interface CommandLink {
  readonly href?: string;
  readonly onClick?: MouseEventHandler;
}

export function useCommandLink(command: ViewCommand): CommandLink {
  const { hrefOf, run } = useHost();
  const href = hrefOf(command);
  return href === undefined ? { onClick: () => run(command) } : { href };
}
