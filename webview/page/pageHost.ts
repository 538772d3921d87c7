import type { Problem } from '../../src/protocol/problem';
import { problemFromError } from '../../src/protocol/problemFromError';
import type { ViewCommand } from '../../src/protocol/requests';
import { upstreamState } from '../../src/protocol/upstreamState';
import { copyText } from '../bridge/browser/copyText';
import type { HubSession } from '../bridge/browser/hubSession';
import type { ViewHost } from '../bridge/viewHost';
import { routeHref } from './route';
import type { Router } from './router';

export interface PageHostOptions {
  readonly session: Pick<HubSession, 'outage' | 'subscribe' | 'retryNow'> & {
    readonly client: Pick<HubSession['client'], 'request'>;
  };
  readonly router: Pick<Router, 'go'>;
  /** Tells whether a text is on the clipboard now. */
  readonly onCopied: (isDone: boolean) => void;
  /** Tells why the hub did not do what it was to do. */
  readonly onFailed: (problem: Problem) => void;
}

/**
 * The page around a view: it opens what has an address, copies, connects to the hub again, and has the hub connect to a cluster
 * again. What only an editor could do, or what one client may not do to all, is not offered.
 */
export function pageHost({ session, router, onCopied, onFailed }: PageHostOptions): ViewHost {
  const offers = (type: ViewCommand['type']): boolean => {
    switch (type) {
      case 'openDetail':
      case 'openLogs':
      case 'copy':
      case 'reconnect':
        return true;
      case 'disconnect':
      case 'showLog':
      case 'openNodeLogs':
      case 'saveLogs':
      case 'openLogDocument':
      case 'openLogTerminal':
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
          if (session.outage() !== undefined) {
            session.retryNow();
          } else {
            session.client
              .request('command.run', { command })
              .catch((error: unknown) => onFailed(problemFromError(error)));
          }
          return;
        case 'disconnect':
        case 'showLog':
        case 'openNodeLogs':
        case 'saveLogs':
        case 'openLogDocument':
        case 'openLogTerminal':
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
    case 'openNodeLogs':
    case 'saveLogs':
    case 'openLogDocument':
    case 'openLogTerminal':
      return undefined;
    default:
      return command satisfies never;
  }
}
