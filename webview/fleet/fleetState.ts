import * as v from 'valibot';

/** Those that can be sorted by. */
export const FLEET_COLUMNS = [
  'name',
  'environment',
  'phase',
  'nodes',
  'addons',
  'applications',
  'version',
  'alerts',
  'state',
] as const;
const columnSchema = v.picklist(FLEET_COLUMNS);
export type FleetColumn = v.InferOutput<typeof columnSchema>;

export interface FleetSort {
  readonly column: FleetColumn;
  readonly isDescending: boolean;
}

/** Where the user is in the list, and what they made of it. */
export interface FleetState {
  /** See `fleetFilter`. */
  readonly filter: string;
  /** Absent while those come first that need somebody. */
  readonly sort?: FleetSort | undefined;
  /** The cluster that the keyboard is on, by its key. */
  readonly current?: string | undefined;
  /** How far it is scrolled, in pixels. */
  readonly top: number;
}

export const INITIAL_FLEET_STATE: FleetState = { filter: '', top: 0 };

/** What is kept beside the address. */
export const fleetPlaceSchema = v.object({ current: v.optional(v.string()), top: v.number() });

/** A column, with a minus before it where the last come first. */
export function sortText({ column, isDescending }: FleetSort): string {
  return isDescending ? `-${column}` : column;
}

/** Nothing for what names no column. */
export function parseSort(text: string): FleetSort | undefined {
  const isDescending = text.startsWith('-');
  const column = v.safeParse(columnSchema, isDescending ? text.slice(1) : text);
  return column.success ? { column: column.output, isDescending } : undefined;
}
