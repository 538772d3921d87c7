import * as l10n from '@vscode/l10n';
import { useId, useState, type ReactElement } from 'react';
import type { AwayChange, FieldChange } from '../../src/protocol/awayChange';
import { awayCertainty, awayHeadline, fieldChangeText, fieldName } from '../../src/texts/changeText';
import { useAwayChange } from '../realtime/useAwayChange';
import { Clamped } from '../ui/Clamped';
import { DataTable, type Column } from '../ui/DataTable';
import { formatRange } from '../ui/formatInstant';
import { formatCount } from '../ui/formatNumber';
import { Icon } from '../ui/Icon';
import { IconButton } from '../ui/IconButton';
import { LinkButton } from '../ui/LinkButton';

/** The strip names this many; the rest is behind "Show". */
const MAX_NAMED = 3;

export interface AwayStripProps {
  readonly source: string;
  readonly name: string;
}

/** What changed while nobody could watch; nothing where nothing did. */
export function AwayStrip({ source, name }: AwayStripProps): ReactElement | null {
  const { change, dismiss } = useAwayChange(source, name);
  const dismissAndGoOn = (): void => {
    // The button goes with the strip: the keyboard continues at what comes below it.
    document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
    dismiss();
  };
  return change === undefined ? null : <Strip change={change} onDismiss={dismissAndGoOn} />;
}

function Strip(props: { readonly change: AwayChange; readonly onDismiss: () => void }): ReactElement {
  const { change, onDismiss } = props;
  const { fields, from, until, how } = change;
  const [wantsAll, setWantsAll] = useState(false);
  // The next change may have no fields.
  const isOpen = wantsAll && fields.length > 0;
  const tableId = useId();
  return (
    <section className="away" aria-label={l10n.t('While you were away')}>
      <div className="notice notice-plain">
        <Icon id="history" tone="plain" />
        <output className="notice-text">
          <strong>{awayHeadline(change)}</strong>{' '}
          <span className="muted">
            {formatRange(from, until)}, {awayCertainty(how)}
          </span>
        </output>
        <div className="notice-actions">
          {fields.length > 0 && (
            <LinkButton onClick={() => setWantsAll(!isOpen)} isExpanded={isOpen} controls={tableId}>
              {isOpen ? l10n.t('Hide') : l10n.t('Show')}
            </LinkButton>
          )}
          <IconButton icon="close" label={l10n.t('Dismiss')} onClick={onDismiss} />
        </div>
        {!isOpen && fields.length > 0 && (
          <span className="away-fields">
            {fields.slice(0, MAX_NAMED).map((field) => (
              <code key={field.path}>
                <Clamped text={fieldChangeText(field)} />
              </code>
            ))}
          </span>
        )}
      </div>
      <div id={tableId} className="away-table" hidden={!isOpen}>
        {isOpen && <FieldTable change={change} />}
      </div>
    </section>
  );
}

function FieldTable({ change: { fields, more } }: { readonly change: AwayChange }): ReactElement {
  return (
    <>
      <DataTable
        label={l10n.t('What changed while you were away')}
        columns={columns()}
        rows={fields}
        rowKey={({ path }) => path}
      />
      {more > 0 && (
        <p className="muted away-more">{l10n.t('and {0} more, not kept one by one', formatCount(more))}</p>
      )}
    </>
  );
}

function columns(): readonly Column<FieldChange>[] {
  const value = (text: string | undefined): ReactElement =>
    text === undefined ? <span className="muted">–</span> : <code>{text}</code>;
  return [
    {
      id: 'field',
      header: l10n.t('Field'),
      isRowHeader: true,
      wraps: true,
      render: ({ path }) => (
        <code title={path}>
          <Clamped text={fieldName(path)} />
        </code>
      ),
    },
    { id: 'before', header: l10n.t('Before'), wraps: true, render: ({ before }) => value(before) },
    { id: 'after', header: l10n.t('After'), wraps: true, render: ({ after }) => value(after) },
  ];
}
