import * as l10n from '@vscode/l10n';
import type { KeyboardEvent, ReactElement, Ref } from 'react';
import { formatCount } from '../ui/formatNumber';
import { IconButton } from '../ui/IconButton';
import { regexFault } from './filterChips';
import type { FindText } from './logsState';
import { scanFault, scanText } from './scanText';
import { BoxSwitch, TextBox } from './TextBox';
import type { LogSearch } from './useLogSearch';

export interface SearchBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly find: FindText;
  readonly search: LogSearch;
  readonly onChange: (find: FindText) => void;
  readonly onLeave: () => void;
}

/** What is searched, how often it is there, and the way from one to the other. */
export function SearchBox({ ref, find, search, onChange, onLeave }: SearchBoxProps): ReactElement {
  const { found, fault, go } = search;
  const wrong = find.isRegex && find.text !== '' ? regexFault(find.text) : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onLeave();
    }
  };
  return (
    <search className="search">
      <TextBox
        ref={ref}
        label={l10n.t('Search the log')}
        placeholder={l10n.t('Search (/)')}
        value={find.text}
        onChange={(text) => onChange({ ...find, text })}
        onKeyDown={onKeyDown}
        fault={wrong ?? fault ?? scanFault(found?.scan)}
      >
        <BoxSwitch
          icon="case-sensitive"
          label={l10n.t('Match case')}
          isOn={find.isCaseSensitive}
          onClick={() => onChange({ ...find, isCaseSensitive: !find.isCaseSensitive })}
        />
        <BoxSwitch
          icon="regex"
          label={l10n.t('Regular expression')}
          isOn={find.isRegex}
          onClick={() => onChange({ ...find, isRegex: !find.isRegex })}
        />
      </TextBox>
      <output className="search-count">{find.text === '' ? '' : countOf(search)}</output>
      <IconButton
        icon="arrow-up"
        label={l10n.t('Previous match (Shift+Enter)')}
        onClick={() => go('previous')}
      />
      <IconButton icon="arrow-down" label={l10n.t('Next match (Enter)')} onClick={() => go('next')} />
    </search>
  );
}

function countOf({ found, index }: LogSearch): string {
  if (found === undefined) {
    return '';
  }
  const { count, scan } = found;
  const progress = scanText(scan);
  const known =
    count === 0
      ? l10n.t('No matches')
      : index === undefined
        ? formatCount(count)
        : l10n.t('{0} of {1}', formatCount(index + 1), formatCount(count));
  return progress === undefined ? known : `${known} · ${progress}`;
}
