/** `metadata` as every Kubernetes object carries it; the fields that this project reads. */
interface KubeObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  /** Absent only on objects that never came from an API server. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Any Kubernetes object, kept whole: fields that are not named here survive. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: KubeObjectMeta;
  readonly [field: string]: unknown;
}
