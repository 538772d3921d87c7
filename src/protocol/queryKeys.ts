/** Keys of the query cache. Order and content are part of the protocol: invalidation goes by them. */
export const queryKeys = {
  clusters: () => ['clusters'] as const,
  cluster: (source: string, name: string) => ['cluster', name, source] as const,
  awayChange: (source: string, name: string) => ['awayChange', name, source] as const,
  sources: () => ['sources'] as const,
  source: (source: string) => ['source', source] as const,
  alerts: (source: string) => ['alerts', source] as const,
  personaAlerts: (source: string, name: string) => ['personaAlerts', name, source] as const,
  pods: (source: string, namespace: string) => ['pods', namespace, source] as const,
  components: (source: string, name: string) => ['components', name, source] as const,
};
