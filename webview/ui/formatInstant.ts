const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const minutesOfDays = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
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

/** A span of time where the reader is: "12:40 – 13:58", with the days where there are two. Both are wall milliseconds. */
export function formatRange(from: number, until: number): string {
  const isOneDay = new Date(from).toDateString() === new Date(until).toDateString();
  return (isOneDay ? minutes : minutesOfDays).formatRange(from, until);
}

/** The time of day where the reader is, to the millisecond: "14:00:10.000". */
export function formatTimeOfDay(instant: number): string {
  return timeOfDay.format(instant);
}
