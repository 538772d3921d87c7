import type { Clock } from '../base/clock';
import type { KubeFetch } from '../base/kubeFetch';
import type { ServerDate } from './serverDate';

/** What the checks that ask the API server are made from. */
export interface ApiCheckOptions {
  readonly fetch: KubeFetch;
  readonly clock: Clock;
  /** Called once on a 401 before it is believed. */
  readonly refreshCredentials?: () => Promise<void>;
}

/** What one check leaves to the next. */
export interface ApiFindings {
  hasAnswered?: boolean;
  serverDate?: ServerDate;
  /** Of the list, where the watch begins. */
  resourceVersion?: string;
}
