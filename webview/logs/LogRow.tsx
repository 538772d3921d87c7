import * as l10n from '@vscode/l10n';
import { memo, type ReactElement } from 'react';
import type { LogStreamName } from '../../src/protocol/logView';
import type { LogLevel, LogRow as Row } from '../../src/protocol/podLog';
import { Now } from '../realtime/Now';
import { Icon } from '../ui/Icon';
import { ExpandedLine, type ReadLine } from './ExpandedLine';
import { fieldText, jsonOf, type JsonObject } from './jsonLine';
import { lineRuns, searchedText, type LineRun } from './lineRuns';
import { LogMarkerRow } from './LogMarkerRow';
import { moreBytesText } from './moreBytesText';
import { rowTime, type TimeMode } from './rowTime';
import { withMarks, type TextMark } from './textMarks';

/** One letter, as klog writes it: the line itself mostly has the word. Not translated, since logs are not. */
const LEVEL_LETTERS: Readonly<Record<LogLevel, string>> = { error: 'E', warning: 'W', info: 'I', debug: 'D' };
/** Colours by which streams are told apart; their names stand beside them. */
const STREAM_COLOURS = 5;
/** A longer name would leave the lines no room. */
export const MAX_NAME_CHARS = 26;
/** A longer line leaves the others no room, until it is opened. */
const MAX_CLOSED_CHARS = 1_024;

/** How rows are shown; the same object for as long as nothing of it changes. */
export interface RowLook {
  readonly time: TimeMode;
  /** Whose a line is: not said where there is but one, else by pod, by pod and container, or by container where the pod is clear. */
  readonly naming: 'none' | 'pod' | 'container' | 'containerAlone';
  /** Of the column that says so, in characters: as wide as the longest name needs. */
  readonly nameChars: number;
  readonly columns: readonly string[];
  readonly marksOf: (text: string) => readonly TextMark[];
  readonly readLine: ReadLine;
}

export interface LogRowProps {
  readonly row: Row;
  readonly name: LogStreamName | undefined;
  readonly look: RowLook;
  /** What the host found in it. */
  readonly found?: readonly TextMark[] | undefined;
  readonly isExpanded: boolean;
  readonly isSelected: boolean;
  /** Where the keyboard is. */
  readonly isCurrent: boolean;
  /** The match that was gone to. */
  readonly isMatch: boolean;
  readonly id: string;
  /** Its number among all, from 1, and how many there are. */
  readonly number: number;
  readonly count: number;
}

/** One line. It never changes once it was read, so it is rendered again only for what is around it. */
export const LogRow = memo(function LogRow(props: LogRowProps): ReactElement {
  const { row, name, look, found, isExpanded, isSelected, isCurrent, isMatch, id, number, count } = props;
  const { level, hiddenBytes = 0, marker } = row;
  const position = {
    id,
    role: 'option',
    'aria-selected': isSelected,
    'aria-posinset': number,
    'aria-setsize': count,
  };
  if (marker !== undefined) {
    return (
      <div className={isCurrent ? 'row row-current' : 'row'} data-row={id} {...position}>
        <LogMarkerRow marker={marker} name={name} />
      </div>
    );
  }
  const isLong = row.text.length > MAX_CLOSED_CHARS;
  const runs = lineRuns(isLong ? row.text.slice(0, MAX_CLOSED_CHARS).toWellFormed() : row.text);
  const json = hiddenBytes === 0 ? jsonOf(row.text) : undefined;
  const canExpand = json !== undefined || isLong || hiddenBytes > 0;
  const classes = [
    'row',
    ...(level === undefined ? [] : [`row-${level}`]),
    ...(isSelected ? ['row-selected'] : []),
    ...(isCurrent ? ['row-current'] : []),
    ...(isMatch ? ['row-match'] : []),
  ];
  return (
    <div
      className={classes.join(' ')}
      data-row={id}
      {...position}
      aria-description={canExpand ? (isExpanded ? l10n.t('opened') : l10n.t('can be opened')) : undefined}
    >
      <div className="row-line">
        <span className={`row-bar stream-${row.stream % STREAM_COLOURS}`} />
        <span
          className="row-twistie"
          aria-hidden="true"
          data-toggle={canExpand ? '' : undefined}
          title={canExpand ? l10n.t('Show the whole line') : undefined}
        >
          {canExpand && <Icon id={isExpanded ? 'chevron-down' : 'chevron-right'} />}
        </span>
        <RowTime time={row.time} mode={look.time} />
        {look.naming !== 'none' && <RowName name={name} naming={look.naming} stream={row.stream} />}
        <span className="row-level" title={level}>
          {level === undefined ? '' : LEVEL_LETTERS[level]}
        </span>
        {look.columns.map((column) => (
          <RowField key={column} column={column} json={json} />
        ))}
        <span className="row-text">
          <Runs runs={runs} look={look} found={found} />
          {isLong && <span className="row-cut"> {cutText(row)}</span>}
        </span>
      </div>
      {isExpanded && canExpand && <ExpandedLine row={row} json={json} readLine={look.readLine} />}
    </div>
  );
});

/** How much of a long line is not shown. */
function cutText({ text, hiddenBytes = 0 }: Row): string {
  return moreBytesText(new TextEncoder().encode(text.slice(MAX_CLOSED_CHARS)).length + hiddenBytes);
}

function RowTime({
  time,
  mode,
}: {
  readonly time: string | undefined;
  readonly mode: TimeMode;
}): ReactElement | null {
  if (mode === 'off') {
    return null;
  }
  if (mode === 'relative') {
    return (
      <time className="row-time row-age" dateTime={time} title={time}>
        <Now>{(now) => rowTime(time, mode, now)}</Now>
      </time>
    );
  }
  const text = rowTime(time, mode, 0);
  return (
    <time className="row-time" dateTime={time} title={time}>
      {text.slice(0, 8)}
      <span className="row-fraction">{text.slice(8)}</span>
    </time>
  );
}

function RowName(props: {
  readonly name: LogStreamName | undefined;
  readonly naming: Exclude<RowLook['naming'], 'none'>;
  readonly stream: number;
}): ReactElement {
  const { name, naming, stream } = props;
  const whole = name === undefined ? '' : `${name.pod}/${name.container}`;
  const text = name === undefined ? '' : nameOf(name, naming);
  // Names of pods differ at their ends.
  const shown = text.length > MAX_NAME_CHARS ? `…${text.slice(1 - MAX_NAME_CHARS)}` : text;
  return (
    <span className={`row-name stream-${stream % STREAM_COLOURS}`} title={whole}>
      {shown}
    </span>
  );
}

/** Whose a line is, as the rows say it. */
export function nameOf(
  { pod, container }: Pick<LogStreamName, 'pod' | 'container'>,
  naming: Exclude<RowLook['naming'], 'none'>,
): string {
  switch (naming) {
    case 'pod':
      return pod;
    case 'container':
      return `${pod}/${container}`;
    case 'containerAlone':
      return container;
    default:
      return naming satisfies never;
  }
}

function RowField(props: { readonly column: string; readonly json: JsonObject | undefined }): ReactElement {
  const text = props.json === undefined ? '' : fieldText(props.json, props.column);
  const shown = lineRuns(text)
    .map((run) => run.shown)
    .join('');
  return (
    <span className="row-field" title={`${props.column}: ${shown}`}>
      {shown}
    </span>
  );
}

function Runs(props: {
  readonly runs: readonly LineRun[];
  readonly look: RowLook;
  readonly found: readonly TextMark[] | undefined;
}): ReactElement {
  const { runs, look, found = [] } = props;
  const marks = [...found, ...look.marksOf(searchedText(runs))];
  return (
    <>
      {withMarks(runs, marks).map(({ start: key, shown, kind, style, mark }) => {
        const classes = [
          ...(style === '' ? [] : [style]),
          ...(kind === 'text' ? [] : [`run-${kind}`]),
          ...(mark === undefined ? [] : [mark]),
        ];
        if (classes.length === 0 || shown === '') {
          return shown;
        }
        return mark === undefined ? (
          <span key={key} className={classes.join(' ')}>
            {shown}
          </span>
        ) : (
          <mark key={key} className={classes.join(' ')}>
            {shown}
          </mark>
        );
      })}
    </>
  );
}
