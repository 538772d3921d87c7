import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import type { Expected, SettingProblem } from './decodeSettings';
import { valueText } from './reportedProblems';
import { SECTION, type SettingUnit } from './settingsTable';

/** A value may be a whole document. */
const MAX_VALUE_CHARS = 60;

/** What is wrong with a setting, what would be right, and what counts meanwhile. */
export function settingProblemText({ name, value, expected, used }: SettingProblem): string {
  const wrong = vscode.l10n.t(
    '{0} cannot be {1}: {2}.',
    `${SECTION}.${name}`,
    cutText(valueText(value), MAX_VALUE_CHARS),
    expectedText(expected),
  );
  return used === undefined
    ? vscode.l10n.t('{0} What cannot be used is left out.', wrong)
    : vscode.l10n.t('{0} Until it is changed, {1} counts.', wrong, String(used));
}

function expectedText(expected: Expected): string {
  switch (expected.type) {
    case 'number': {
      const { minimum, maximum, unit, isWhole } = expected;
      return isWhole
        ? vscode.l10n.t('it has to be a whole number from {0} to {1} ({2})', minimum, maximum, unitText(unit))
        : vscode.l10n.t('it has to be a number from {0} to {1} ({2})', minimum, maximum, unitText(unit));
    }
    case 'choice':
      return vscode.l10n.t('it has to be one of {0}', expected.choices.join(', '));
    case 'paths':
      return vscode.l10n.t('it has to be a list of paths');
    case 'hubUrls':
      return vscode.l10n.t(
        'it has to be a list of addresses that begin with https or http, without credentials',
      );
    case 'atMost':
      return vscode.l10n.t(
        'it has to be at most {0}, which is {1}',
        `${SECTION}.${expected.other}`,
        expected.bound,
      );
    case 'atLeast':
      return vscode.l10n.t(
        'it has to be at least {0}, which is {1}',
        `${SECTION}.${expected.other}`,
        expected.bound,
      );
    default:
      return expected satisfies never;
  }
}

function unitText(unit: SettingUnit): string {
  switch (unit) {
    case 'frames a second':
      return vscode.l10n.t('frames a second');
    case 'events':
      return vscode.l10n.t('events');
    case 'lines':
      return vscode.l10n.t('lines');
    case 'points':
      return vscode.l10n.t('points');
    case 'alerts':
      return vscode.l10n.t('alerts');
    case 'logs':
      return vscode.l10n.t('logs');
    case 'heartbeats':
      return vscode.l10n.t('heartbeats');
    case 'seconds':
      return vscode.l10n.t('seconds');
    case 'minutes':
      return vscode.l10n.t('minutes');
    case 'hours':
      return vscode.l10n.t('hours');
    case '%':
    case 'MB':
      return unit;
    default:
      return unit satisfies never;
  }
}
