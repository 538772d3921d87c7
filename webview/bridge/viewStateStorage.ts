import * as v from 'valibot';
import type { VsCodeApi } from './vsCodeApi';

/** Keeps what the user chose in a view (never data of a cluster) across hiding, moving and reloading. */
export interface ViewStateStorage<T> {
  /** What was last written, or nothing where that was never, or by a version that wrote something else. */
  read(): T | undefined;
  write(state: T): void;
}

export function viewStateStorage<T>(
  api: Pick<VsCodeApi, 'getState' | 'setState'>,
  schema: v.GenericSchema<unknown, T>,
): ViewStateStorage<T> {
  return {
    read() {
      const result = v.safeParse(schema, api.getState());
      return result.success ? result.output : undefined;
    },
    write: (state) => api.setState(state),
  };
}
