/** Lines of text in columns: the first left-aligned, the others right-aligned, the headings underlined. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const render = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const text = row[column] ?? '';
        return column === 0 ? text.padEnd(width) : text.padStart(width);
      })
      .join('  ')
      .trimEnd();
  const [head, ...body] = rows;
  return head === undefined
    ? ''
    : [render(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(render)].join('\n');
}
