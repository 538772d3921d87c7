import * as l10n from '@vscode/l10n';
import { useEffect, useState, type ReactElement } from 'react';
import type { LogRow } from '../../src/protocol/podLog';
import type { RequestResult } from '../../src/protocol/requests';
import { problemOf } from '../realtime/problemOf';
import { formatBytes } from '../ui/formatNumber';
import { jsonOf, type JsonObject } from './jsonLine';
import { lineRuns, shownText } from './lineRuns';

/** Of a long line as much is shown at once as lays out within a moment, */
const PIECE_BYTES = 64 * 1024;
/** and no more than this at all: the rest is for a file or a document. */
const MAX_BYTES = 1024 * 1024;

export type ReadLine = (row: LogRow, from: number, limit: number) => Promise<RequestResult<'logViews.line'>>;

export interface ExpandedLineProps {
  readonly row: LogRow;
  /** The object that the line is, where the whole of it is here. */
  readonly json: JsonObject | undefined;
  readonly readLine: ReadLine;
}

interface Pieces {
  readonly text: string;
  readonly next: number | undefined;
  readonly bytes: number;
  readonly cutBytes: number;
}

/** The whole of a line: a JSON object field by field, a long line piece by piece. */
export function ExpandedLine({ row, json, readLine }: ExpandedLineProps): ReactElement {
  if (json !== undefined) {
    return <pre className="row-more">{pretty(json)}</pre>;
  }
  return <LongLine {...{ row, readLine }} />;
}

function LongLine({ row, readLine }: Omit<ExpandedLineProps, 'json'>): ReactElement {
  const [pieces, setPieces] = useState<Pieces>();
  const [failure, setFailure] = useState<string>();
  const [wanted, setWanted] = useState(PIECE_BYTES);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      try {
        const { text, next, bytes, cutBytes } = await readLine(row, 0, wanted);
        if (!isOver) {
          setPieces({ text, next, bytes, cutBytes });
        }
      } catch (error) {
        if (!isOver) {
          setFailure(problemOf(error).detail);
        }
      }
    };
    void read();
    return () => {
      isOver = true;
    };
  }, [row, readLine, wanted]);
  if (failure !== undefined) {
    return <div className="row-more muted">{l10n.t('The line cannot be read: {0}', failure)}</div>;
  }
  if (pieces === undefined) {
    return <div className="row-more muted">{l10n.t('Reading the line…')}</div>;
  }
  const { text, next, bytes, cutBytes } = pieces;
  const json = next === undefined && cutBytes === 0 ? jsonOf(text) : undefined;
  return (
    <div className="row-more">
      <pre>{json === undefined ? shownText(lineRuns(text)) : pretty(json)}</pre>
      {(next !== undefined || cutBytes > 0) && (
        <p className="muted">
          {l10n.t('{0} of {1} are shown.', formatBytes(next ?? bytes), formatBytes(bytes + cutBytes))}{' '}
          {next !== undefined && wanted < MAX_BYTES && (
            <button type="button" className="link" onClick={() => setWanted(Math.min(MAX_BYTES, wanted * 2))}>
              {l10n.t('Show more')}
            </button>
          )}
          {cutBytes > 0 && l10n.t('{0} of its end were not kept.', formatBytes(cutBytes))}
        </p>
      )}
    </div>
  );
}

function pretty(json: JsonObject): string {
  return shownText(lineRuns(JSON.stringify(json, undefined, 2)).map(keepBreaks));
}

/** Those of the layout itself; inside of texts JSON escapes them. */
function keepBreaks<T extends { readonly raw: string; readonly shown: string }>(run: T): T {
  return run.raw === '\n' ? { ...run, shown: '\n' } : run;
}
