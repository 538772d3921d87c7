import * as l10n from '@vscode/l10n';
import { useState, type KeyboardEvent, type ReactElement } from 'react';
import { LOG_LEVELS, logLevelSchema, type LogLevel } from '../../src/protocol/podLog';
import { decode } from '../../src/protocol/messages';
import type { LogScan } from '../../src/protocol/logView';
import { withKeys } from '../ui/withKeys';
import { Icon } from '../ui/Icon';
import {
  MAX_CHIPS_OF_A_KIND,
  regexFault,
  withChip,
  withoutChip,
  type ChosenFilter,
  type FilterChip,
} from './filterChips';
import { Picker } from './Picker';
import { scanText } from './scanText';
import { BoxSwitch, TextBox } from './TextBox';

const ALL = 'all';

export interface FilterBarProps {
  readonly filter: ChosenFilter;
  readonly scan: LogScan | undefined;
  /** What the host says is wrong with it. */
  readonly fault: string | undefined;
  readonly onChange: (filter: ChosenFilter) => void;
}

/** Which lines are shown: a text or a regular expression at a time becomes a chip. */
export function FilterBar({ filter, scan, fault, onChange }: FilterBarProps): ReactElement {
  const [text, setText] = useState('');
  const [isRegex, setIsRegex] = useState(false);
  const [isCaseSensitive, setIsCaseSensitive] = useState(false);
  const wrong = isRegex && text !== '' ? regexFault(text) : undefined;
  const isFull = (kind: FilterChip['kind']): boolean =>
    filter.chips.filter((chip) => chip.kind === kind).length >= MAX_CHIPS_OF_A_KIND;
  const tooMany =
    text !== '' && (isFull('include') || isFull('exclude'))
      ? l10n.t('There are {0} of a kind already: remove one first.', MAX_CHIPS_OF_A_KIND)
      : undefined;
  const add = (kind: FilterChip['kind']): void => {
    if (text !== '' && wrong === undefined && !isFull(kind)) {
      onChange(withChip(filter, { kind, text, isRegex, isCaseSensitive }));
      setText('');
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      add(event.shiftKey ? 'exclude' : 'include');
    }
  };
  const progress = scan === undefined ? undefined : scanText(scan);
  return (
    <>
      <TextBox
        label={l10n.t('Filter lines by text')}
        placeholder={l10n.t('Filter: Enter shows only, Shift+Enter hides')}
        value={text}
        onChange={setText}
        onKeyDown={onKeyDown}
        fault={wrong ?? tooMany ?? fault}
      >
        <BoxSwitch
          icon="case-sensitive"
          label={l10n.t('Match case')}
          isOn={isCaseSensitive}
          onClick={() => setIsCaseSensitive(!isCaseSensitive)}
        />
        <BoxSwitch
          icon="regex"
          label={l10n.t('Regular expression')}
          isOn={isRegex}
          onClick={() => setIsRegex(!isRegex)}
        />
      </TextBox>
      {text !== '' && wrong === undefined && (
        <>
          <button type="button" className="tool" onClick={() => add('include')}>
            {l10n.t('Show only')}
          </button>
          <button type="button" className="tool" onClick={() => add('exclude')}>
            {l10n.t('Hide')}
          </button>
        </>
      )}
      <Picker
        label={l10n.t('Level')}
        value={filter.level ?? ALL}
        options={[
          { value: ALL, label: l10n.t('All levels') },
          ...LOG_LEVELS.toReversed().map((level) => ({ value: level, label: levelText(level) })),
        ]}
        onPick={(value) => {
          const level = decode(logLevelSchema, value);
          onChange({ ...filter, level: level.ok ? level.value : undefined });
        }}
      />
      {filter.chips.length > 0 && (
        <ul className="chips" aria-label={l10n.t('Filters')}>
          {withKeys(filter.chips, (chip) => JSON.stringify(chip)).map(({ item: chip, key }) => (
            <li key={key}>
              <Chip chip={chip} onRemove={() => onChange(withoutChip(filter, chip))} />
            </li>
          ))}
        </ul>
      )}
      {progress !== undefined && <output className="muted">{progress}</output>}
    </>
  );
}

function Chip({
  chip,
  onRemove,
}: {
  readonly chip: FilterChip;
  readonly onRemove: () => void;
}): ReactElement {
  const { kind, text, isRegex, isCaseSensitive } = chip;
  const word = kind === 'include' ? l10n.t('only') : l10n.t('hide');
  const pattern = isRegex ? `/${text}/${isCaseSensitive ? '' : 'i'}` : text;
  return (
    <span className={`chip chip-${kind}`}>
      <span className="muted">{word}</span> <code className="chip-text">{pattern}</code>
      {!isRegex && isCaseSensitive && <Icon id="case-sensitive" />}
      <button
        type="button"
        className="icon-button chip-remove"
        aria-label={l10n.t('Remove the filter {0} {1}', word, pattern)}
        title={l10n.t('Remove this filter')}
        onClick={onRemove}
      >
        <Icon id="close" />
      </button>
    </span>
  );
}

function levelText(level: LogLevel): string {
  switch (level) {
    case 'error':
      return l10n.t('Errors only');
    case 'warning':
      return l10n.t('Warnings and worse');
    case 'info':
      return l10n.t('Info and worse');
    case 'debug':
      return l10n.t('Any known level');
    default:
      return level satisfies never;
  }
}
