import type { PersonaChange, Source } from './source';

/** Derives something from what sources hold. The hub tells it of each change in order, before anybody else hears of it. */
export interface PersonaObserver {
  /** The change took effect already: `source` has the persona as it is now, if it still does. */
  personaChanged(source: Source, change: PersonaChange): void;
  stateChanged(source: Source): void;
  /** Nothing more will be told of it. */
  sourceRemoved(source: Source): void;
}
