import type * as v from 'valibot';
import type { ReactNode } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { View } from '../../src/protocol/messages';

type ViewOf<T extends View['type']> = Extract<View, { readonly type: T }>;

/** What shows one kind of view, wherever that is: a panel of an editor, or a page of a browser. */
export interface Surface<T extends View['type'], S extends object> {
  readonly type: T;
  /** Of what the user chooses in it, and how that is at first. */
  readonly stateSchema: v.GenericSchema<unknown, S>;
  readonly initialState: S;
  readonly render: (view: ViewOf<T>, store: StoreApi<S>) => ReactNode;
}

/** Whether a view is one that this surface shows. */
export function shows<T extends View['type'], S extends object>(
  surface: Surface<T, S>,
  view: View,
): view is ViewOf<T> {
  return view.type === surface.type;
}
