export interface ManifestParts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: object;
  readonly metadata?: object;
}

/** A ClusterPersona as it would stand in a file. `spec` need not be a valid one. */
export function persona(name: string, spec: unknown, parts: ManifestParts = {}): string {
  const { labels, annotations, status, metadata } = parts;
  return JSON.stringify({
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...metadata,
    },
    spec,
    ...(status === undefined ? {} : { status }),
  });
}

/** One of the conditions of a status, at a fixed time. */
export function condition(type: string, status: string, rest: object = {}): object {
  return {
    type,
    status,
    reason: 'Looked',
    message: 'so it was seen',
    lastTransitionTime: '2026-03-01T12:00:00Z',
    ...rest,
  };
}
