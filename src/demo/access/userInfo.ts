/** Who asks, as `authentication.k8s.io/v1` has it. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}
