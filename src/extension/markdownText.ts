import { cutText } from '../base/cutText';
import { plainLabel } from './plainText';

/** What takes Markdown: a `MarkdownString` of VS Code. */
export interface MarkdownSink {
  appendMarkdown(text: string): unknown;
}

/** A tooltip is for a glance; a description or a message may have a megabyte. */
const MAX_TOOLTIP_CHARS = 400;

/** Text from a cluster as Markdown that shows it as it is, on one line; addresses make no links. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]()#+\-!|~$>.]|:(?=\/\/)/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ');
}

/** Text from a cluster as Markdown of a tooltip that draws icons: those that stand in the text are not drawn, and it is cut. */
export function tooltipMarkdown(text: string): string {
  // Icons are drawn in what Markdown has made of it: their escape has to come through.
  return escapeMarkdown(plainLabel(cutText(text, MAX_TOOLTIP_CHARS)));
}

/**
 * Appends text from a cluster as it is, but for what is too long. Unlike `MarkdownString.appendText` it leaves the spaces breakable, without which
 * a long sentence cannot wrap in a tooltip.
 */
export function appendPlain(markdown: MarkdownSink, text: string): void {
  markdown.appendMarkdown(tooltipMarkdown(text));
}
