import * as l10n from '@vscode/l10n';
import type { SourceState } from '../protocol/sourceState';
import { spanText } from './ageText';

/** A state in one or two words, lower case as it stands beside a name. */
export function stateWord(state: SourceState): string {
  switch (state.type) {
    case 'idle':
      return l10n.t('not connected');
    case 'connecting':
      return l10n.t('connecting');
    case 'syncing':
      return l10n.t('syncing');
    case 'live':
      return l10n.t('live');
    case 'stale':
      return l10n.t('stale');
    case 'reconnecting':
      return l10n.t('reconnecting');
    case 'unauthorized':
      return l10n.t('not signed in');
    case 'forbidden':
      return l10n.t('forbidden');
    case 'notInstalled':
      return l10n.t('not installed');
    case 'failed':
      return l10n.t('failed');
    case 'paused':
      return l10n.t('paused');
    default:
      return state satisfies never;
  }
}

/** A state with what belongs to it: "syncing 2,000 of 5,000", "stale, 4 min". `now` is wall milliseconds. */
export function stateText(state: SourceState, now: number): string {
  switch (state.type) {
    case 'syncing': {
      const loaded = state.loaded.toLocaleString();
      if (state.total !== undefined) {
        return l10n.t('syncing {0} of {1}', loaded, state.total.toLocaleString());
      }
      return state.loaded > 0 ? l10n.t('syncing {0}', loaded) : stateWord(state);
    }
    case 'stale': {
      const stale = l10n.t('stale, {0}', spanText(now - state.since));
      const { retryAt } = state;
      return retryAt !== undefined && retryAt > now
        ? l10n.t('{0}, again in {1}', stale, wholeSeconds(retryAt - now))
        : stale;
    }
    case 'reconnecting': {
      const waitMs = state.retryAt - now;
      return waitMs > 0
        ? l10n.t('reconnecting in {0}, attempt {1}', wholeSeconds(waitMs), state.attempt)
        : l10n.t('reconnecting, attempt {0}', state.attempt);
    }
    case 'idle':
    case 'connecting':
    case 'live':
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
    case 'failed':
    case 'paused':
      return stateWord(state);
    default:
      return state satisfies never;
  }
}

/**
 * When a source that was refused is looked at again: "again in 12 s". Nothing for those states whose text says it already.
 * `now` is wall milliseconds.
 */
export function nextTryText(state: SourceState, now: number): string | undefined {
  switch (state.type) {
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return state.retryAt !== undefined && state.retryAt > now
        ? l10n.t('again in {0}', wholeSeconds(state.retryAt - now))
        : undefined;
    case 'idle':
    case 'connecting':
    case 'syncing':
    case 'live':
    case 'stale':
    case 'reconnecting':
    case 'failed':
    case 'paused':
      return undefined;
    default:
      return state satisfies never;
  }
}

/** A countdown that ends at 1 s, not at 0. */
function wholeSeconds(waitMs: number): string {
  return spanText(Math.ceil(waitMs / 1_000) * 1_000);
}
