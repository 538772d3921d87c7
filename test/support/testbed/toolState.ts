/** What the test bed knows of a tool it needs: either where it is, or why it can't be had here. */
export type ToolState<T> =
  { readonly type: 'ready'; readonly tool: T } | { readonly type: 'missing'; readonly reason: string };

/** Where preparation says what it does; one line each. */
export type Report = (line: string) => void;

/** Does `work`, announcing it first and its duration afterwards: a silent four minutes look like a hang. */
export async function reported(report: Report, what: string, work: () => Promise<void>): Promise<void> {
  const startMs = performance.now();
  report(`${what} …`);
  const heartbeat = setInterval(() => report(`${what} … ${seconds(startMs)} so far`), 60_000);
  try {
    await work();
    report(`${what}: done in ${seconds(startMs)}`);
  } finally {
    clearInterval(heartbeat);
  }
}

function seconds(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
