import * as l10n from '@vscode/l10n';
import { useSyncExternalStore, type ReactElement } from 'react';
import type { HubSession } from '../bridge/browser/hubSession';
import { Now } from '../realtime/Now';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { hubStateIcon, hubStateText } from './hubText';
import type { Page } from './page';
import { routeHref, type Route } from './route';
import { THEME_CHOICES, type ThemeChoice } from './theme';

export interface PageHeaderProps {
  readonly page: Page;
  readonly hub: HubSession;
  readonly route: Route;
}

/** Where the reader is, how the hub is, and what is the reader's own. */
export function PageHeader({ page, hub, route }: PageHeaderProps): ReactElement {
  const state = useSyncExternalStore(hub.subscribe, hub.state);
  const isSignedIn = page.credentials.isSignedIn && state.type !== 'unauthorized';
  return (
    <div className="page-header">
      <nav className="crumbs" aria-label={l10n.t('Where you are')}>
        <ol>
          {crumbs(page, route).map(({ text, href }) => (
            <li key={text}>
              {href === undefined ? (
                <span aria-current="page" title={text}>
                  {text}
                </span>
              ) : (
                <a href={href} title={text}>
                  {text}
                </a>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <div className="page-tools">
        <span
          className={`pill hub-pill hub-pill-${state.type}`}
          title={l10n.t('The hub at {0}', page.hubUrl)}
        >
          <Icon {...hubStateIcon(state)} />
          {state.type === 'reconnecting' ? (
            <Now>{(now) => hubStateText(state, now)}</Now>
          ) : (
            <output>{hubStateText(state, 0)}</output>
          )}
        </span>
        <ThemePicker page={page} />
        {isSignedIn && (
          <IconButton icon="sign-out" label={l10n.t('Sign out')} onClick={() => page.signOut()} />
        )}
      </div>
    </div>
  );
}

interface Crumb {
  readonly text: string;
  /** Absent for where the reader is. */
  readonly href?: string | undefined;
}

function crumbs({ router }: Page, route: Route): readonly Crumb[] {
  const home = { text: l10n.t('Clusters'), href: router.lastFleetHref };
  switch (route.type) {
    case 'fleet':
      return [{ text: 'ClusterPersona' }];
    case 'nowhere':
      return [home];
    case 'detail':
      return [home, { text: route.name }];
    case 'logs': {
      const { source, name, addon } = route;
      const cluster = { text: name, href: routeHref({ type: 'detail', source, name }) };
      const logs = routeHref({ type: 'logs', source, name, addon: undefined });
      return addon === undefined
        ? [home, cluster, { text: l10n.t('Logs') }]
        : [home, cluster, { text: l10n.t('Logs'), href: logs }, { text: addon }];
    }
    default:
      return route satisfies never;
  }
}

function ThemePicker({ page }: { readonly page: Page }): ReactElement {
  const { theme } = page;
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <label className="theme-picker" title={l10n.t('Colours')}>
      <Icon id="color-mode" />
      <span className="sr-only">{l10n.t('Colours')}</span>
      <select
        className="select"
        value={choice}
        onChange={({ target }) => {
          const chosen = THEME_CHOICES.find((one) => one === target.value);
          if (chosen !== undefined) {
            theme.choose(chosen);
          }
        }}
      >
        {THEME_CHOICES.map((one) => (
          <option key={one} value={one}>
            {themeText(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

function themeText(choice: ThemeChoice): string {
  switch (choice) {
    case 'system':
      return l10n.t('As the browser');
    case 'dark':
      return l10n.t('Dark');
    case 'light':
      return l10n.t('Light');
    case 'hc-dark':
      return l10n.t('Dark, high contrast');
    case 'hc-light':
      return l10n.t('Light, high contrast');
    default:
      return choice satisfies never;
  }
}
