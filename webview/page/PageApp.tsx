import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { ConnectionProvider } from '../realtime/connectionContext';
import { EmptyState } from '../ui/EmptyState';
import { HubNotice } from './HubNotice';
import type { Page } from './page';
import { PageHeader } from './PageHeader';
import { RouteView } from './RouteView';
import { SignIn } from './SignIn';
import { routeTitle } from './routeTitle';
import { useLeave } from './useLeave';

/** The page: where the reader is, how the hub is, and what they look at. */
export function PageApp({ page }: { readonly page: Page }): ReactElement {
  const session = useSyncExternalStore(page.subscribe, page.session);
  const visit = useSyncExternalStore(page.router.subscribe, page.router.visit);
  const title = routeTitle(visit.route);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <ConnectionProvider connection={session.connection}>
      <PageHeader page={page} hub={session.hub} route={visit.route} />
      <Content page={page} />
      <Said page={page} />
    </ConnectionProvider>
  );
}

function Content({ page }: { readonly page: Page }): ReactNode {
  const session = useSyncExternalStore(page.subscribe, page.session);
  const visit = useSyncExternalStore(page.router.subscribe, page.router.visit);
  const state = useSyncExternalStore(session.hub.subscribe, session.hub.state);
  const outage = useSyncExternalStore(session.hub.subscribe, session.hub.outage);
  const content = useRef<HTMLDivElement>(null);
  useLeave(page.router);
  useEffect(() => {
    // Who came by a link begins at what it led to; the list knows better where its reader was.
    if (visit.id > 0 && visit.route.type !== 'fleet') {
      content.current?.focus();
    }
  }, [visit]);
  if (state.type === 'unauthorized' || state.type === 'forbidden') {
    return <SignIn page={page} problem={page.credentials.isSignedIn ? state.problem : undefined} />;
  }
  return (
    <>
      {state.type !== 'open' && <HubNotice {...{ state, outage }} onRetry={() => session.hub.retryNow()} />}
      <div className="content" ref={content} tabIndex={-1}>
        {visit.route.type === 'nowhere' ? (
          <main>
            <EmptyState
              icon="circle-slash"
              title={l10n.t('There is nothing at this address')}
              text={l10n.t('It may have been mistyped.')}
            >
              <a className="button-link" href="./">
                {l10n.t('Show all clusters')}
              </a>
            </EmptyState>
          </main>
        ) : (
          <RouteView key={visit.id} route={visit.route} router={page.router} fleet={session.fleet} />
        )}
      </div>
    </>
  );
}

/** What came of what the reader did, for a moment. */
function Said({ page }: { readonly page: Page }): ReactElement {
  const said = useSyncExternalStore(page.subscribe, page.said);
  return <output className={said === undefined ? 'sr-only' : 'toast'}>{said}</output>;
}
