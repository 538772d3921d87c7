import type { MarkdownString } from 'vscode';

/**
 * Appends text from a cluster as it is. Unlike `MarkdownString.appendText` it leaves the spaces breakable, without which
 * a long sentence cannot wrap in a tooltip.
 */
export function appendPlain(markdown: MarkdownString, text: string): void {
  const escaped = text
    .replaceAll(/[\\`*_{}[\]()#+\-!|~$>.]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ');
  markdown.appendMarkdown(escaped);
}
