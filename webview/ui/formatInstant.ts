const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** Wall milliseconds of an RFC 3339 time; `undefined` for anything else. */
export function parseInstant(time: string | undefined): number | undefined {
  const parsed = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Date and time where the reader is. `instant` is wall milliseconds. */
export function formatInstant(instant: number): string {
  return moment.format(instant);
}

/** The time of day where the reader is, to the millisecond: "14:00:10.000". */
export function formatTimeOfDay(instant: number): string {
  return timeOfDay.format(instant);
}
