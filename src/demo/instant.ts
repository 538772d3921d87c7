/** RFC 3339 to the second, as Kubernetes writes its times. */
export function instant(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
