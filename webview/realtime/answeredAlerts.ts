import type { Alert } from '../../src/protocol/alert';
import type { RequestResult } from '../../src/protocol/requests';

type Answer = RequestResult<'alerts.list'>;

/** Whether a change of the persona may have changed a figure that an alert of it tells: such a change is no event of its own. */
export function tellsFigures({ alerts }: Answer, name: string): boolean {
  return alerts.some((alert) => lasts(alert) && alert.name === name && alert.value !== undefined);
}

/**
 * Whether the alerts of `source` may be others by now, as its state is `isLive`: alerts that nobody watches, or does again, are
 * told of by no event, nor is how old a discovery has become.
 */
export function mayBeOthers({ alerts, unwatched }: Answer, source: string, isLive: boolean): boolean {
  const lasting = alerts.filter(lasts);
  return isLive
    ? unwatched.includes(source) || lasting.some(({ rule }) => rule === 'discoveryOld')
    : lasting.length > 0 && !unwatched.includes(source);
}

function lasts({ resolvedAt }: Alert): boolean {
  return resolvedAt === undefined;
}
