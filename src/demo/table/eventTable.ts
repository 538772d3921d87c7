import { countOf, recordOf, textOf } from '../../persona/decodeField';
import { humanAge } from './humanDuration';
import { NAME_COLUMN, textColumn, wideColumn, type TableFormat } from './tableFormat';

export const EVENT_TABLE: TableFormat = {
  columns: [
    textColumn('Last Seen', 'When the event last happened.'),
    textColumn('Type', 'Normal or Warning.'),
    textColumn('Reason', 'One word for programs that says why the object changed.'),
    textColumn('Object', 'What the event is about.'),
    wideColumn('Subobject', 'The part of the object that the event is about, such as a container.'),
    wideColumn('Source', 'Who reports the event.'),
    textColumn('Message', 'What happened, for people.'),
    wideColumn('First Seen', 'When the event happened for the first time.'),
    wideColumn('Count', 'How often the event happened.'),
    { ...NAME_COLUMN, priority: 1 },
  ],
  cells: (event, nowMs) => {
    const involved = recordOf(event['involvedObject']) ?? {};
    const series = recordOf(event['series']);
    const firstSeen = humanAge(event['firstTimestamp'] ?? event['eventTime'], nowMs);
    const count = countOf(event['count']) ?? 0;
    const lastSeen =
      textOf(event['lastTimestamp']) === undefined ? firstSeen : humanAge(event['lastTimestamp'], nowMs);
    return [
      series === undefined ? lastSeen : humanAge(series['lastObservedTime'], nowMs),
      textOf(event['type']) ?? '',
      textOf(event['reason']) ?? '',
      [(textOf(involved['kind']) ?? '').toLowerCase(), textOf(involved['name']) ?? []].flat().join('/'),
      textOf(involved['fieldPath']) ?? '',
      sourceOf(event),
      (textOf(event['message']) ?? '').trim(),
      firstSeen,
      // An event of the newer API that happened once counts nothing.
      series === undefined ? Math.max(1, count) : (countOf(series['count']) ?? 0),
      event.metadata.name,
    ];
  },
};

function sourceOf(event: Readonly<Record<string, unknown>>): string {
  const source = recordOf(event['source']) ?? {};
  const component = textOf(source['component']) ?? textOf(event['reportingComponent']) ?? '';
  const instance = textOf(source['host']) ?? textOf(event['reportingInstance']);
  return instance === undefined ? component : `${component}, ${instance}`;
}
