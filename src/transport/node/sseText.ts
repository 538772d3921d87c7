/** One event of a stream, as it is sent. `name` and `id` are of one line. */
export function sseText(name: string, data: string, id?: string): string {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return `${head}event: ${name}\ndata: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
}
