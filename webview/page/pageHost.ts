import type { ViewCommand } from '../../src/protocol/requests';
import { upstreamState } from '../../src/protocol/upstreamState';
import { copyText } from '../bridge/browser/copyText';
import type { HubSession } from '../bridge/browser/hubSession';
import type { ViewHost } from '../bridge/viewHost';
import { routeHref } from './route';
import type { Router } from './router';

export interface PageHostOptions {
  readonly session: Pick<HubSession, 'outage' | 'subscribe' | 'retryNow'>;
  readonly router: Pick<Router, 'go'>;
  /** Tells whether a text is on the clipboard now. */
  readonly onCopied: (isDone: boolean) => void;
}

/**
 * The page around a view: it opens what has an address, copies, and connects to the hub again. What only an editor or the hub
 * itself could do is not offered.
 */
export function pageHost({ session, router, onCopied }: PageHostOptions): ViewHost {
  const offers = (type: ViewCommand['type']): boolean => {
    switch (type) {
      case 'openDetail':
      case 'openLogs':
      case 'copy':
        return true;
      case 'reconnect':
        return session.outage() !== undefined;
      case 'disconnect':
      case 'showLog':
        return false;
      default:
        return type satisfies never;
    }
  };
  return {
    offers,
    run: (command) => {
      switch (command.type) {
        case 'openDetail':
        case 'openLogs': {
          const href = hrefOf(command);
          if (href !== undefined) {
            router.go(href);
          }
          return;
        }
        case 'copy':
          void copyText(command.text).then(onCopied);
          return;
        case 'reconnect':
          session.retryNow();
          return;
        case 'disconnect':
        case 'showLog':
          return;
        default:
          command satisfies never;
      }
    },
    hrefOf,
    seen: (status) => {
      const state = upstreamState(status.state);
      return state === status.state ? status : { ...status, state };
    },
    outage: session.outage,
    onOutageChanged: session.subscribe,
  };
}

function hrefOf(command: ViewCommand): string | undefined {
  switch (command.type) {
    case 'openDetail':
      return routeHref({ type: 'detail', source: command.source, name: command.name });
    case 'openLogs': {
      const { source, name, addon } = command;
      return routeHref({ type: 'logs', source, name, addon });
    }
    case 'reconnect':
    case 'disconnect':
    case 'showLog':
    case 'copy':
      return undefined;
    default:
      return command satisfies never;
  }
}
