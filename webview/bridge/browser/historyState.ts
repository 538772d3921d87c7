import * as v from 'valibot';
import type { StateApi } from '../viewStateStorage';

const entrySchema = v.object({ view: v.optional(v.unknown()), isInside: v.optional(v.boolean()) });

function entry(): v.InferOutput<typeof entrySchema> {
  const result = v.safeParse(entrySchema, history.state);
  return result.success ? result.output : {};
}

/** Goes to another place of the page. */
export function pushEntry(url: URL): void {
  history.pushState({ isInside: true }, '', url);
}

/** Whether the entry before the one that is shown is of this page too. */
export function hasEntryBefore(): boolean {
  return entry().isInside === true;
}

/** Of the entry of the browser's history that is shown: it comes back with the page, by a reload as by the button "Back". */
export const historyState: StateApi = {
  getState: () => entry().view,
  setState: (view) => history.replaceState({ ...entry(), view }, ''),
};
