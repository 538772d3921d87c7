import * as l10n from '@vscode/l10n';
import { useState, type ReactElement } from 'react';
import { Icon } from '../ui/Icon';
import { RULE_STYLES, type HighlightRule } from './logsState';
import { TextBox } from './TextBox';

export interface HighlightRulesProps {
  readonly rules: readonly HighlightRule[];
  readonly onChange: (rules: HighlightRule[]) => void;
}

/** Texts that always stand out, each in a look of its own. */
export function HighlightRules({ rules, onChange }: HighlightRulesProps): ReactElement {
  const [text, setText] = useState('');
  const isFull = rules.length >= RULE_STYLES;
  const add = (): void => {
    const free = Array.from({ length: RULE_STYLES }, (_, style) => style).find(
      (style) => !rules.some((rule) => rule.style === style),
    );
    if (text !== '' && free !== undefined && !rules.some((rule) => rule.text === text)) {
      onChange([...rules, { text: text.slice(0, 200), style: free }]);
      setText('');
    }
  };
  return (
    <>
      <TextBox
        label={l10n.t('Text that is to stand out')}
        placeholder={l10n.t('Highlight a text: Enter adds it')}
        value={text}
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add();
          }
        }}
        fault={
          isFull && text !== '' ? l10n.t('There are {0} already: remove one first.', RULE_STYLES) : undefined
        }
      />
      <ul className="rules" aria-label={l10n.t('Texts that stand out')}>
        {rules.map((rule) => (
          <li key={rule.text}>
            <mark className={`mark-rule mark-rule-${rule.style}`}>{rule.text}</mark>
            <button
              type="button"
              className="icon-button"
              aria-label={l10n.t('No longer highlight {0}', rule.text)}
              title={l10n.t('Remove')}
              onClick={() => onChange(rules.filter((other) => other !== rule))}
            >
              <Icon id="close" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
