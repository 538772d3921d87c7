import type { MarkdownString } from 'vscode';

/** Text from a cluster as Markdown that shows it as it is, on one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]()#+\-!|~$>.]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ');
}

/**
 * Appends text from a cluster as it is. Unlike `MarkdownString.appendText` it leaves the spaces breakable, without which
 * a long sentence cannot wrap in a tooltip.
 */
export function appendPlain(markdown: MarkdownString, text: string): void {
  markdown.appendMarkdown(escapeMarkdown(text));
}
