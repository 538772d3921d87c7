/** Whom a cluster takes somebody for, as its reviews say it. */
export interface Identity {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** What else whoever made sure of them knows. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}
