/** What stands where a character cannot be seen. */
const REPLACEMENT = '\uFFFD';
/**
 * Control characters but for tabs and line ends, and those that turn the direction of text round: nobody sees them, and the
 * second kind changes what is seen beside them. Marks that only help a text from right to left are none of these.
 */
const UNSEEN = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu;

/** Text of a cluster's choosing, in which what cannot be seen stands as U+FFFD. The same string where there is nothing of it. */
export function visibleText(text: string): string {
  return text.replaceAll(UNSEEN, REPLACEMENT);
}
