import * as v from 'valibot';
import type { View } from '../../src/protocol/messages';

/** Where a host keeps one value for a view: what `setState` was last given, undecoded. */
export interface StateApi {
  getState(): unknown;
  setState(state: unknown): void;
}

/** Keeps what the user chose in a view (never data of a cluster) across hiding, moving and reloading. */
export interface ViewStateStorage<T> {
  /** What was last written, or nothing where that was never, or by a version that wrote something else. */
  read(): T | undefined;
  write(state: T): void;
}

/** What is kept of a webview: what it shows, by which the host brings it back after a reload, and the user's choices. */
const keptSchema = v.object({ view: v.optional(v.unknown()), choices: v.optional(v.unknown()) });

function kept(api: StateApi): v.InferOutput<typeof keptSchema> {
  const result = v.safeParse(keptSchema, api.getState());
  return result.success ? result.output : {};
}

export function viewStateStorage<T>(api: StateApi, schema: v.GenericSchema<unknown, T>): ViewStateStorage<T> {
  return {
    read() {
      const result = v.safeParse(schema, kept(api).choices);
      return result.success ? result.output : undefined;
    },
    write: (choices) => api.setState({ ...kept(api), choices }),
  };
}

/** Notes what this webview shows. */
export function rememberView(api: StateApi, view: View): void {
  api.setState({ ...kept(api), view });
}
